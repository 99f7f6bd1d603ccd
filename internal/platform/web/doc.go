// Package web is the HTTP face shared by all modules: one registry of routes, handlers that return
// errors, one place that shows an error as a page or as problem+json, idempotency, ETags, security
// headers, and the JSON API on top of huma.
//
// A request walks: request id and log → security headers → cross-origin check → compression → who is
// acting (given by the application) → the route's permission → idempotency → the handler. Every route
// names its action; one whose action has no row in the permission table cannot be registered.
package web
