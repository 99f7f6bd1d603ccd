package stats

import (
	"context"

	"qiao/internal/platform/money"
)

// Portal is what the home page shows of other modules. Each function gives a few lines, best first.
type Portal struct {
	Programmes func(ctx context.Context) ([]Programme, error) // open for applications today
	Notices    func(ctx context.Context) ([]Notice, error)    // newest public notices
	Searches   func(ctx context.Context) ([]string, error)    // words people may search for; optional
}

// Programme is a voucher programme as the home page shows it.
type Programme struct {
	Name   string // in the reader's language
	Link   string // /programmes/{id}
	Ratio  int64  // share of the price, basis points
	Cap    money.Fen
	Budget money.Fen
	Left   money.Fen // not yet granted
	Until  string    // civil date, the last day for applications
	Sample bool
}

// Notice is a public notice as the home page shows it.
type Notice struct {
	Title  string // in the reader's language
	Link   string // /notices/{id}
	Day    string // civil date of publication
	Sample bool
}
