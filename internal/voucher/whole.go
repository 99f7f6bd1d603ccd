package voucher

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
)

// WholeClaim is a redemption with its orders, what it shows and the invoices it names.
type WholeClaim struct {
	Claim
	Items     []ClaimItem
	Documents []Document
}

// Whole reads a redemption with all that belongs to it; whoever asks has looked at the reader's rights.
func (s *Service) Whole(ctx context.Context, q db.Q, claim string) (WholeClaim, error) {
	c, err := getClaim(ctx, q, claim)
	out := WholeClaim{Claim: c}
	if err != nil {
		return out, err
	}
	if out.Items, err = listItems(ctx, q, claim); err != nil {
		return out, err
	}
	out.Documents, err = listDocuments(ctx, q, claim)
	return out, err
}

// ClaimFilter chooses redemptions.
type ClaimFilter struct {
	Programme string
	States    []string
	From, To  string   // days of submission
	Files     []string // that show a file with one of these contents
}

// ClaimList are the redemptions that a filter chooses, the oldest first; rewards are not among them.
func (s *Service) ClaimList(ctx context.Context, q db.Q, f ClaimFilter) ([]Claim, error) {
	var w db.Where
	w.And("NOT reward")
	for _, c := range [][2]string{{"programme = ?", f.Programme}, {"submitted_on >= ?", f.From}, {"submitted_on <= ?", f.To}} {
		if c[1] != "" {
			w.And(c[0], c[1])
		}
	}
	if len(f.States) > 0 {
		w.In("state", f.States)
	}
	if len(f.Files) > 0 {
		var files db.Where
		files.In("sha256", f.Files)
		list, err := db.All[string](ctx, q, `SELECT DISTINCT claim FROM voucher_document`+files.SQL(), files.Args()...)
		if err != nil {
			return nil, fmt.Errorf("list redemptions by their files: %w", err)
		}
		if len(list) == 0 {
			return nil, nil
		}
		w.In("id", list)
	}
	out, err := db.All[Claim](ctx, q, `SELECT `+claimColumns+` FROM voucher_claim`+w.SQL()+` ORDER BY submitted_on, id`, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list redemptions: %w", err)
	}
	return out, nil
}

// ClaimPanel draws what another module knows of a redemption, for its page: beside what is decided. Nil when there is nothing
// to show to the reader.
type ClaimPanel func(ctx context.Context, by identity.Subject, c Claim) (templ.Component, error)

// panelsOf draws what other modules know of a redemption.
func (s *Service) panelsOf(ctx context.Context, by identity.Subject, c Claim) ([]templ.Component, error) {
	var out []templ.Component
	for _, panel := range s.panels {
		drawn, err := panel(ctx, by, c)
		if err != nil {
			return nil, err
		}
		if drawn != nil {
			out = append(out, drawn)
		}
	}
	return out, nil
}
