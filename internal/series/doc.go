// Package series is bookings that belong together.
//
// A series (系列预约) is one instrument by a rule: weekly on Tuesday and Thursday from 09:00 to 11:00, ten times. The rule is a
// subset of RFC 5545's RRULE; what a date comes to (free, taken, closed, beyond what may be booked) is laid out before anything
// is booked, and the person says what to do with each. A composite booking (组合预约) is several instruments at once or one after
// the other, "one of A, B, C and two of D": a pure finder gives the first times.
//
// Either is booked in one transaction, and each booking is an order with its own life, price, and way to pay: cancelling one
// leaves the others as they are. A group remembers which orders belong together and nothing else; whatever is done to several at
// a time is done by order, each rule checked again.
//
// Invariants (checked by Verify): a group has as many orders as it was made of, all of its buyer, those of a series on its
// resource.
//
// Tables: series_group, series_part.
//
// Events: Made.
package series

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
