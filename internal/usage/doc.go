// Package usage is how the time of instruments was used: for each instrument and month what it could have given, what was
// booked and what was used, inside and outside the owner's house, with the orders behind every sum.
//
// An Entry is what one order took of an instrument. It is read from the order anew whenever something happened to it; its
// difference goes into the sum of its month in the same transaction, so that a year of a region is read from sums and not
// from a million bookings. What an instrument could have given is counted once a day for the month that runs and the one
// before, by the opening hours and closures of that day; an older month stays as it was counted last.
//
// All times are minutes. Open: opening hours times units, public holidays left out. Down: the part of it in which the
// instrument was out of service. Booked: bookings that were accepted and not withdrawn, inside opening hours, whether
// somebody came or not. Used: machine time from start to stop, of bookings and commissions of
// what can be booked; services have no time of their own.
//
// Invariant (checked by Verify): the sums of a month are the sums of its entries.
//
// Tables: usage_entry, usage_month. It publishes no events.
package usage

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
