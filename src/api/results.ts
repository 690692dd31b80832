/** What commands and reads bring. */
export type { StatusReport, PidStatus } from '../causes/index.js';
export type { Detection } from '../runner/calls/results.js';
export type { ChangeReport, ChangeStep } from '../runner/changes/change-report.js';
export type { ChangeOptions } from '../runner/changes/changes.js';
export type { HostCheck } from '../runner/doctor/host-checks.js';
export type { Installed, ScannedZip } from '../runner/packages/importer.js';
export type { IncidentsRead } from '../runner/status/incidents.js';
export type { ReleaseView, RouteView } from '../runner/status/listing.js';
export type { LivingListing } from '../runner/status/living-store.js';
export type { ProbationPolicy, Timings } from '../../machines/index.js';
