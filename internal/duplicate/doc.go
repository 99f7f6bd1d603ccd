// Package duplicate finds records that may be one thing, across files, owners and regions, and lets people decide:
// merge (with undo, never silently), not the same (remembered until they change), later. It also knows what
// institutions are called, and which organisation a text means (Resolve).
//
// Finding is pure rules over a Record: Keys are blocking keys, and only records that share one are compared; Compare
// gives a score with reasons. A changed record is compared when the change feed tells of it (Follow); the operator may
// have all compared anew (Pass). A key that very many records share says nothing and is left out.
//
// A pair: open → merged | proposed → merged | different | later (Table). Where two owners are concerned, one proposes and
// the other agrees, or the operator decides. Merging itself is the catalogue's use case, in the same transaction.
//
// Tables: duplicate_key, duplicate_pair, duplicate_step, duplicate_progress, duplicate_name, duplicate_word,
// duplicate_takeover. Events: Proposed, Joined, Parted, TakeoverAsked, TakenOver.
package duplicate

import _ "embed"

// English is the module's translation table.
//
//go:embed en.json
var English []byte
