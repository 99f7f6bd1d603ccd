// Package paper is what of an order is printed and proved: the cover of its report, its statement, and the public page on
// which anybody checks a report by its number or by the file itself.
//
// It keeps nothing: everything is read from the order when it is asked for. The public page shows what proves a copy (who
// issued it, when, the hashes), never what is in it or who ordered it.
//
// Tables: none. Events: none.
package paper

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
