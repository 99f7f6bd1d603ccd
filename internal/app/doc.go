// Package app is the only package that knows every module. It builds them by hand (modules.go), lists
// every address (routes.go), every consequence of an event (reactions.go) and every periodic job
// (jobs.go), and starts and stops the whole.
package app

import _ "embed"

// Version is the release of this program.
const Version = "0.1.0"

// English is the English of this package's texts.
//
//go:embed en.json
var English []byte
