// Package exchange is the catalogue's door to other systems.
//
// Out: an OAI-PMH 2.0 provider at /oai, files of any search, a sitemap, Atom feeds, and the push to the
// national network platform with its lock rule. In: the harvest of other repositories, by schedule and by
// hand, which can be stopped between two pages and undone.
//
// The list of changes that harvests read (exchange_record) follows the change feed. Its datestamps are seconds
// that never lie behind a list that was answered before they were written: whoever answers a list first moves
// the clock's row, and whoever stamps takes the newest of now and that row. A harvester that asks again
// from the time of the last answer therefore misses nothing, however long a commit takes.
//
// The national platform gets its records as a file its owner hands over, or by HTTP where an address is set: the courier
// sends what is locked in batches, outside any transaction, keeps the answer to each record, and tries again with
// longer pauses. A second sending of what the platform has is ignored there (its lock rule), so that nothing is
// reported twice. What never is answered goes back to the queue.
//
// States of a harvest: see RunTable; of an instrument in the national queue: see ReportTable.
//
// Tables: exchange_clock, exchange_record, exchange_source, exchange_run, exchange_fault, exchange_taken,
// exchange_effect, exchange_report, exchange_push, exchange_push_record.
package exchange

import _ "embed"

// English is the module's translation table: {"中文": "English"}.
//
//go:embed en.json
var English []byte
