// Package importing takes files of resources into the catalogue.
//
// A file is kept in the file store and read a row at a time (package sheet; JSON, BibTeX, RIS and PIDINST XML likewise), so
// that a million rows need no more memory than a thousand. Its headings find a layout: a template of package kinds, a
// mapping that the owner has saved, or one proposed from headings and values that a person confirms. Good rows go in
// through catalogue.TakeIn, some hundred in one transaction, together with the place reached; bad rows are kept with what is
// wrong, and are mended on the page or in a spreadsheet.
//
// States: see Table. An import that was cut off goes on where it stood; one can be stopped, and undone as long as its
// resources have not been changed since.
//
// Tables: catalogue_import, catalogue_import_error, catalogue_import_row, catalogue_mapping.
package importing

import _ "embed"

// English is the module's translation table: {"中文": "English"}.
//
//go:embed en.json
var English []byte
