// Package booking is the calendars: which resource, which unit of it, which stretch of time.
//
// A resource has weekly opening hours (the catalogue's), a rule that says how it is booked, and closures. From these and
// from what is booked a Plan tells which slots are free; the same plan decides whether a stretch may be had, so that every
// slot shown free is bookable as it stands. Who holds a stretch is a holder, an order today;
// booking does not look inside.
//
// Invariant (checked by Verify): two active bookings of one unit never overlap in the time they occupy, buffers included.
// The database itself refuses an overlap: rivals queue at the unit's lock row, then an exclusion constraint (PostgreSQL)
// or a trigger (SQLite) judges.
//
// Tables: booking_booking, booking_queue, booking_rule, booking_closure, booking_upkeep.
//
// Events: Closed.
package booking

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
