// Package importing takes files of resources into the catalogue.
//
// A file is kept in the file store and read a row at a time (package sheet; JSON likewise), so
// that a million rows need no more memory than a thousand. Its headings find a template of package kinds. Good rows go in
// through catalogue.TakeIn, some hundred in one transaction, together with the place reached; bad rows are kept with what is
// wrong.
//
// States: see Table. An import that was cut off goes on where it stood, and one can be stopped.
//
// Tables: catalogue_import, catalogue_import_error, catalogue_import_row.
package importing

import _ "embed"

// English is the module's translation table: {"中文": "English"}.
//
//go:embed en.json
var English []byte
