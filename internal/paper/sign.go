package paper

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/seal"
	"qiao/internal/platform/verify"
)

// Signature is the node's signature under a file of a report: who issued it, under which number, and by which hash it is known.
type Signature struct {
	Document  string  `db:"document"`
	Number    string  `db:"number"`
	SHA256    string  `db:"sha256"`
	Statement string  `db:"statement"`
	Signature string  `db:"signature"`
	Public    string  `db:"public"`
	At        db.Time `db:"at"`
}

const columns = `document, number, sha256, statement, signature, public, at`

func (x Signature) signed() seal.Signed {
	return seal.Signed{Statement: x.Statement, Signature: x.Signature, Public: x.Public}
}

// Sign signs the files of an order's reports that are not signed yet, in the caller's transaction: repeated, it changes nothing.
func (s *Service) Sign(ctx context.Context, tx *db.Tx, number string) error {
	d, err := s.Orders.Reported(ctx, tx, number)
	if fault.Is(err, "no-report") {
		return nil // reported in words only
	}
	if err != nil {
		return err
	}
	orgs, err := s.Organisations.Organisations(ctx, tx, []string{d.Order.Provider})
	if err != nil {
		return fmt.Errorf("who issued the report: %w", err)
	}
	for _, x := range d.Reports() {
		now := s.Clock.Now()
		got, err := s.Key.Sign(statementOf(d.Order, orgs[d.Order.Provider], x, now))
		if err == nil {
			_, err = tx.Exec(ctx, `INSERT INTO paper_signature (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (document) DO NOTHING`,
				x.ID, number, x.SHA256, got.Statement, got.Signature, got.Public, db.At(now))
		}
		if err != nil {
			return fmt.Errorf("sign the report %s: %w", number, err)
		}
	}
	return nil
}

// signatures are those under an order's reports, by document.
func (s *Service) signatures(ctx context.Context, q db.Q, number string) (map[string]Signature, error) {
	list, err := db.All[Signature](ctx, q, `SELECT `+columns+` FROM paper_signature WHERE number = $1 ORDER BY document`, number)
	if err != nil {
		return nil, fmt.Errorf("read the signatures of %s: %w", number, err)
	}
	out := map[string]Signature{}
	for _, x := range list {
		out[x.Document] = x
	}
	return out, nil
}

// signature is the one under a file of a report.
func (s *Service) signature(ctx context.Context, q db.Q, number, document string) (Signature, error) {
	x, err := db.One[Signature](ctx, q, `SELECT `+columns+` FROM paper_signature WHERE document = $1 AND number = $2`, document, number)
	if errors.Is(err, db.ErrNone) {
		return x, fault.New(fault.NotFound, "no-signature", "这份报告文件没有平台签名。")
	}
	if err != nil {
		return x, fmt.Errorf("read the signature of %s: %w", number, err)
	}
	return x, nil
}

// Verify checks that every signature is of its statement, and every statement about its file.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	list, err := db.All[Signature](ctx, q, `SELECT `+columns+` FROM paper_signature ORDER BY document`)
	if err != nil {
		return nil, fmt.Errorf("read the signatures of reports: %w", err)
	}
	var out []verify.Finding
	for _, x := range list {
		if !x.good(x.SHA256) {
			out = append(out, verify.Finding{Code: "paper.signature", Object: x.Document, Text: "the signature is not of the report"})
		}
	}
	return out, nil
}
