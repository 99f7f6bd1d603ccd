// Package facts keeps one file for each firm (企业档案): what is known of it, where from, since when, and who may use it.
//
// A [Key] says what a fact is: its name, type, unit and definition, dated data in facts.json. An [Entry] is one value of a
// key for one organisation, as of a day or for a year, with its source: stated by the firm, verified by an officer from a
// document, imported, or computed. Entries are only ever added: a correction is a new entry by the firm, and the newest
// one of a key and year is the value that holds ([Current]). Verifying is a new entry, too, that names the one it confirms.
//
// A value belongs to the firm. The authority of its region sees what was given for an application to it, or what the firm
// lets be used again; it opens a file with a reason, and the firm reads who did. Values are never in the audit, in events
// or in logs; those of natural persons are masked in lists, and of an identity number only a keyed digest is kept.
//
// [Service.Answers] answers conditions (platform/rule) from the file; [Related] says whether two organisations belong
// together, with the evidence.
//
// Tables: facts_entry, facts_grant, facts_opening, facts_secret. Events: events.go. Invariants: verify.go.
package facts

import _ "embed" // the module's English

// English is the module's translations, Chinese text to English.
//
//go:embed en.json
var English []byte
