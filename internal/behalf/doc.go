// Package behalf is bookings that one makes for another: the desk of a provider, a broker or a clerk of the service centre for
// a firm that phoned, the head of a research group for one of its members.
//
// The order is the firm's own, placed by order's Place with every rule, condition and price as if the firm had booked; its
// timeline names who did it. The firm is told at once and may refuse without cost until the work begins; once it has confirmed,
// the order goes on like any other. No voucher of somebody else's is touched: only a head chooses how the group pays.
//
// Invariants (checked by Verify): every booking made for another has its order, of that buyer; one that was refused or
// withdrawn has an order that is cancelled.
//
// Tables: behalf_booking.
//
// Events: Moved.
package behalf

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
