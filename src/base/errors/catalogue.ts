import type { FaultName } from '../../../machines/fault.js';

/**
 * Every failure the Runner can report, in one place: when it happens and what a person does next.
 * `docs/errors.md` is generated from this and from FAULT_CODES; the type makes the catalogue total.
 */
export const CATALOGUE: Readonly<Record<FaultName, { readonly when: string; readonly todo: string }>> = {
  invalid_pid: {
    when: 'The product id is not routed to any release, or the release does not support it.',
    todo: 'List the routes with `procvision ls`, then bind the PID with `procvision activate`.',
  },
  image_load_failed: {
    when: 'The image is missing, empty or cannot be decoded.',
    todo: 'Check the path and open the file in a viewer; PNG, JPEG, TIFF, BMP and WebP files and raw uint8 pixels are accepted.',
  },
  model_not_found: {
    when: 'A model, configuration file or required asset of the release is missing.',
    todo: 'Package the algorithm again with every file its manifest names under required_assets and default_config.',
  },
  gpu_oom: {
    when: 'The algorithm ran out of GPU memory.',
    todo: 'Stop other GPU users or lower the model size; the call was not retried.',
  },
  timeout: {
    when: 'A call or a heartbeat passed its deadline; the process is replaced.',
    todo: 'Look at the last log lines with `procvision logs`; raise the deadline of the release if the work is honest.',
  },
  invalid_params: {
    when: 'A parameter is missing, of the wrong type or out of range.',
    todo: 'Compare with the parameters of the step in the manifest; the details name each one.',
  },
  coordinate_invalid: {
    when: 'A rectangle lies outside the image.',
    todo: 'Correct the rectangle; its origin is the top-left corner, units are pixels.',
  },
  invalid_zip: {
    when: 'The package is unreadable, unsafe or incomplete as a zip.',
    todo: 'The message names the entry; correct it where the package is made, and package again.',
  },
  manifest_missing: {
    when: 'The package has no manifest, more than one, or one that is not valid.',
    todo: 'Each problem is named with its place in the file; docs/schemas/manifest.schema.json has the fields.',
  },
  incompatible_python: {
    when: 'No interpreter on this machine fits the Python version, ABI or platform the package needs.',
    todo: 'Install that Python (`procvision doctor` lists what was found) or package for one that is here.',
  },
  wheels_missing: {
    when: 'The package has no wheels folder, or a requirement has no wheel that fits.',
    todo: 'Package again on a machine with an index, or put the missing wheel into wheels/.',
  },
  install_failed: {
    when: 'Building the environment or installing the wheels failed.',
    todo: "Read the tail of the installer's output in the details.",
  },
  activation_conflict: {
    when: 'The release does not support the PID, or the PID is bound to another algorithm.',
    todo: 'Deactivate the PID first, or choose a release whose manifest lists it.',
  },
  unsafe_uninstall: {
    when: 'The release is routed or busy.',
    todo: 'Deactivate its PIDs and stop it first.',
  },
  protocol_fault: {
    when: 'The process wrote something that is not a protocol frame to its standard output.',
    todo: 'Keep standard output for frames: print to stderr, or run the algorithm through the SDK adapter.',
  },
  process_lost: {
    when: 'The process died, or was ended, while it was needed.',
    todo: 'Read its exit code and last stderr lines in the details and in `procvision logs`.',
  },
  start_failed: {
    when: 'The process did not get ready: it exited, reported an error, or never said hello.',
    todo: 'Read the last stderr lines in the details; run the algorithm by hand with its SDK adapter.',
  },
  protocol_unsupported: {
    when: 'The algorithm speaks a major version of the protocol that this Runner does not.',
    todo: 'Update the Runner, or package the algorithm with an SDK of protocol 1.',
  },
  info_mismatch: {
    when: "The algorithm's get_info() does not agree with its manifest.",
    todo: 'Make name, version, supported_pids and steps, with the types and defaults of parameters, the same in both; the details list the differences.',
  },
  restarts_used_up: {
    when: 'The release lost its process more often than its restart policy allows; it rests in Stopped.',
    todo: 'Find the cause in the trace and the logs, then start it again.',
  },
  queue_full: {
    when: 'Too many calls wait for this release.',
    todo: 'Retry later; raise the queue limit or the speed of the algorithm if it happens in normal work.',
  },
  call_cancelled: {
    when: 'The caller, a stop or the shutdown of the Runner cancelled the call.',
    todo: 'Call again if the answer is still wanted.',
  },
  contract_violation: {
    when: 'The algorithm answered with something the contract does not allow.',
    todo: 'Correct the algorithm; the raw answer is in the details.',
  },
  algorithm_error: {
    when: 'The algorithm answered ERROR or raised; its own code and class are in the details.',
    todo: "Read the algorithm's message and logs.",
  },
  release_not_found: {
    when: 'No such release, zip or project in this store.',
    todo: 'List what is there with `procvision ls`.',
  },
  release_not_ready: {
    when: 'The release is not Running: it rests, starts, restarts or is faulted.',
    todo: 'Start it, or see why it stopped with `procvision ls` and the trace.',
  },
  operation_conflict: {
    when: 'The operation is not possible in the present state, or another one is under way.',
    todo: 'Wait for the operation under way, or bring the release to the state the message names.',
  },
  already_installed: {
    when: 'The same name and version is already there with other content.',
    todo: 'Raise the version in the manifest, or uninstall the release first.',
  },
  flow_ended: {
    when: 'The detection flow is closed, expired, or lost the process that kept its session.',
    todo: 'Open a new flow.',
  },
  image_pool_full: {
    when: 'The memory behind the images is full, too many images wait for processes, or too many are reserved.',
    todo: 'Try again after details.retry_after_ms; release reservations, or give /dev/shm (images.waitingBytesMax, images.segments) more room.',
  },
  store_locked: {
    when: 'Another Runner works on this store.',
    todo: 'Use that Runner, end it, or name another store.',
  },
  store_corrupt: {
    when: 'A file of the store cannot be understood; it was set aside and only what it concerns is degraded.',
    todo: 'See `procvision doctor` for the file and what it concerned.',
  },
  store_io_failed: {
    when: 'Reading or writing the store failed.',
    todo: 'Check space and permissions of the folder named.',
  },
  host_unfit: {
    when: 'This machine lacks something the operation needs.',
    todo: 'Run `procvision doctor`; it names what is missing.',
  },
  runner_closed: {
    when: 'The Runner is closing or closed.',
    todo: 'Open a new Runner on the store.',
  },
  invalid_usage: {
    when: 'A command or an option cannot be understood.',
    todo: 'See `procvision --help`.',
  },
  memory_exceeded: {
    when: 'A process took more resident memory than its release may; it is replaced, or was killed.',
    todo: 'Look for a leak in the algorithm; raise memory.replaceBytes and memory.killBytes if it needs that much.',
  },
  isolation_weak: {
    when: 'A process is isolated less than this host was found to offer; it serves nevertheless.',
    todo: 'Run `procvision doctor`; if it shows the same, see whether the system tools or the limits on user namespaces changed.',
  },
  release_altered: {
    when: 'Files of a deployed release are not those that were installed; when it is its interpreter, the release is not started.',
    todo: 'Find out who changed them. Uninstall the release and install its zip again, or install the change as a version of its own.',
  },
  operation_cancelled: {
    when: 'A change of routes was called off before its commit; nothing was changed.',
    todo: 'Ask for it again if it is still wanted.',
  },
  probation_failed: {
    when: 'A release failed more often than its probation allows; its PIDs return to the release before it.',
    todo: 'Read the last failure in the details and in `procvision history`; mend the release and switch again.',
  },
  log_interrupted: {
    when: 'A log cannot be written: the disk is full or refuses, or something else lies in its place. Calls go on.',
    todo: 'Free space, or make the path named writable; the Runner tries again by itself and says how many lines are missing.',
  },
  trace_interrupted: {
    when: 'The trace cannot be written: the disk is full or refuses, or something else lies in its place. Calls go on.',
    todo: 'Free space, or make the path named writable; the trace then goes on in a new file that says what is missing.',
  },
  actor_failed: {
    when: 'A state machine of the Runner failed; what it looked after is refused by name, or was begun anew from the store.',
    todo: 'Keep the trace and report it; start the release again, or restart the Runner, if it was not begun anew.',
  },
  output_failed: {
    when: 'What a command printed could not be written where it was sent.',
    todo: 'Free space there, or send the output elsewhere; what the command did is done.',
  },
  image_doubtful: {
    when: 'An image was decoded, but is hardly what was meant: nearly black in 16 bits, or one of several pages. A warning of a call, never its failure.',
    todo: "Say the camera's bit depth (bit_depth 10, 12, 14), or hand over the page that is meant as a file of its own.",
  },
  images_damaged: {
    when: 'An algorithm cut, replaced or removed the memory its images lie in; it was made anew, and only its own calls were hurt.',
    todo: 'Have the algorithm leave PROC_SHM_DIR alone: read images through the SDK, and write files below TMPDIR.',
  },
  settings_invalid: {
    when: 'settings.json of the store cannot be understood, or holds a setting that does not exist or a value it cannot have.',
    todo: 'Correct what is named; `procvision settings check` says whether it is right, `procvision settings show` what there is.',
  },
  sdk_unsupported: {
    when: 'The package is written for the execute-only SDK (0.2 to below 1.0), whose adapters do not speak this protocol.',
    todo: 'Have its author package it with procvision_algorithm_sdk 1.0 or later, with `pre_execute` and `execute`; 0.0.5 to 0.0.7 run unchanged.',
  },
  unknown_error: {
    when: 'Something unforeseen; a defect of the algorithm or of the Runner.',
    todo: 'Keep the trace and the logs and report it.',
  },
};
