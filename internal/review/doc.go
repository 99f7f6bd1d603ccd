// Package review is what providers say of the buyers they worked for, and what those reply: the other half of the rating of
// an order, whose first half (the buyer's stars for the service) is part of the order itself.
//
// A buyer's ratings are nobody's business but its own and that of providers who deal with it: they are shown on orders that
// are under way, without the name of who wrote them, and never to the public.
//
// Tables: review_buyer.
//
// Events: BuyerRated, Replied.
package review

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
