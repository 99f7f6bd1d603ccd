// Package record keeps service records (服务记录): one service that an instrument gave, to whom, how, for how long and for
// how much. What was done through Qiao records itself; what was done outside comes by spreadsheet, form and API, and counts
// alike.
//
// A record is kept, withdrawn or struck (states.go). Only kept ones count: in the list, in the files to the national
// format (national.json: fields, codes and limits as dated data) and in the yearly effect report, whose every figure is
// the sum of rows that can be opened. Two records of one service are told by [Twice]; the first stands, the other is
// refused naming it.
//
// The authority draws spot checks (draw.go) by a seed that is shown, from a list that is kept: anybody can draw again. The
// owner answers and shows proof, a person decides; what is struck leaves the figures and cannot come again.
//
// Invariants (checked by Verify): one record an order; a record's state and revision are those of its last step;
// own numbers stand once; a check asks for as many as it drew, by the lots of its seed; what it struck is struck.
//
// Tables: record_owner, record_record, record_step, record_upload, record_refused, record_mapping,
// record_check, record_checked, record_answer. Events: events.go.
package record

import _ "embed" // the English texts and the national format

// English holds the English of every Chinese text of this package, as JSON.
//
//go:embed en.json
var English []byte

//go:embed national.json
var nationalJSON []byte
