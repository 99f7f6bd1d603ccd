// Package sheet reads tables that people upload (xlsx, csv, tsv) and writes tables they download.
//
// A file is recognised by its content, never by its name. What comes back is the heading row and the
// rows below it, each with the number it has in the spreadsheet program, so that an error can point at
// it. Text is read as UTF-8 (with or without a byte-order mark), UTF-16 or GB18030 (which includes GBK).
// A formula gives its cached value; nothing is ever computed, and text that looks like a formula stays
// text. What is written is neutralised: no cell of ours is taken for a formula by a spreadsheet program.
//
// A file that cannot be read gives a fault whose sentence says what it is and what to do.
package sheet

import _ "embed"

// English is the module's translation table: {"中文": "English"}.
//
//go:embed en.json
var English []byte
