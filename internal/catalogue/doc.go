// Package catalogue is what a region shares: instruments, facilities, services, experts and the other
// kinds of decisions, each owned by an organisation, with its prices, opening hours and history.
//
// A resource has one core row and, as JSON, the fields of its kind, which package kinds describes once
// for forms, import, validation, API, exports and facets. Its origin (node, owner, source, source id) is
// unique: importing a file twice is importing it once. A row without an id gets one from its name, model,
// serial number, place and occurrence in the file.
//
// Whatever comes in from outside (files, harvests) comes through TakeIn, a batch at a time.
//
// States: see Table. Withdrawn resources leave a tombstone: their page says so with status 410. Each change
// makes a revision with its difference, an audit entry and the event ResourceChanged, in one transaction.
// The search index follows the event (Reindex) and can be built anew at any time (Rebuild); Verify compares.
//
// Tables: catalogue_resource, catalogue_price, catalogue_hours, catalogue_history, catalogue_import,
// catalogue_import_error, catalogue_identifier, catalogue_file, catalogue_bulk, catalogue_reminder, catalogue_merge.
package catalogue

import _ "embed"

// English is the module's translation table: {"中文": "English"}.
//
//go:embed en.json
var English []byte
