// Package talk is what the parties of an order write to each other, on the order itself: messages with files, and who has
// read how far. Nobody else reads them, but for the authority while it has to decide a dispute.
//
// Tables: talk_message, talk_file, talk_read.
//
// Events: Said.
package talk

import _ "embed" // the English texts

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte
