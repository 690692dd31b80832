export { readRoute, routeSchema } from './route.js';
export type { Route, RouteTarget } from './route.js';
export { prepareExchange, removeRoute, writeRoute } from './exchange.js';
export type { RouteExchange } from './exchange.js';
export { keepRoute, readRoutes } from './routes.js';
export type { Routes } from './routes.js';
