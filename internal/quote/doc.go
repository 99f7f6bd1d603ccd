// Package quote is where a quote is written and read: a builder for lines of any number, and what each version changed.
//
// The quote itself is the order's (order.Quote and its lines, every version kept); this package reads what a provider typed,
// counts it out line by line with order.CountQuote, and hands it to the order as its verb quote. Nothing typed is lost, and
// nothing here needs JavaScript: adding, removing and counting are buttons of one form.
//
// Tables: none.
package quote

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
