export type { Route, RouteTarget } from './route.js';
export { readRoutes, removeRoute, writeRoute } from './routes.js';
export type { Routes } from './routes.js';
