package policy

import (
	"context"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Standing is a list of organisations that one stands on.
type Standing struct {
	Code   string // what a call names the list by: tech-sme
	NameZH string
	NameEN string
	Ban    bool   // standing on it shuts out
	From   string // civil days; empty: open
	To     string
	Number string
}

// Rosters tells what lists an organisation stands on, on a civil day.
type Rosters interface {
	Standing(ctx context.Context, q db.Q, org, day string) ([]Standing, error)
}

// Deps is what the module is built from. Rosters may be nil: then calls say nothing of lists.
type Deps struct {
	DB      *db.DB
	Clock   clock.Clock
	Rosters Rosters
}
