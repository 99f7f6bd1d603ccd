// Package docs holds what the program itself hands out of its documentation.
package docs

import _ "embed" // the script

// CheckLedger is the script, for Node.js, with which an auditor checks a ledger without this program.
//
//go:embed check-ledger.mjs
var CheckLedger []byte
