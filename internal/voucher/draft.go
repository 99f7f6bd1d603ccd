package voucher

import (
	"context"
	"fmt"
	"strconv"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/money"
	"qiao/internal/platform/outbox"
	"qiao/internal/voucher/scheme"
)

// Withdraw takes an application back, submitted or not; Amend makes a refused one a draft again.
func (s *Service) Withdraw(ctx context.Context, by identity.Subject, application, key string) (Application, error) {
	return s.firmStep(ctx, by, application, "withdraw", key)
}

// Amend makes a refused application a draft again, with everything it said; it is submitted like any draft.
func (s *Service) Amend(ctx context.Context, by identity.Subject, application, key string) (Application, error) {
	return s.firmStep(ctx, by, application, "amend", key)
}

// firmStep is a step that the firm takes by itself.
func (s *Service) firmStep(ctx context.Context, by identity.Subject, application, verb, key string) (Application, error) {
	var a Application
	what, err := asked(key, verb)
	if err != nil {
		return a, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		had, err := getApplication(ctx, tx, application)
		if err != nil {
			return err
		}
		if err := s.policy.Can(by, "voucher.apply", firmObject(had.Firm, had.Region)); err != nil {
			return err
		}
		if err := lockWallet(ctx, tx, had.Programme, had.Firm); err != nil {
			return err
		}
		if a, err = lockApplication(ctx, tx, application); err != nil {
			return err
		}
		if again, err := stepped(ctx, tx, a.ID, what); err != nil || again {
			return err
		}
		move, err := Applications.Next(a.State, verb)
		if err != nil {
			return err
		}
		return s.firmStepped(ctx, tx, by, &a, what, move.From, move.To)
	})
	return a, err
}

// firmStepped writes the step of a firm: state, history, audit, and the event where somebody waits for the application.
func (s *Service) firmStepped(ctx context.Context, tx *db.Tx, by identity.Subject, a *Application, what ask, from, to string) error {
	now := s.clock.Now()
	a.State = to
	if err := updateApplication(ctx, tx, *a); err != nil {
		return err
	}
	st := Step{At: db.At(now), Person: by.Person, Org: by.Org, Verb: what.verb, From: from, To: to}
	if err := insertStep(ctx, tx, a.ID, st, what); err != nil {
		return err
	}
	if what.verb == "withdraw" && from != Drafted {
		if err := outbox.Publish(ctx, tx, now, ApplicationWithdrawn{a.ID, a.Programme, a.Region, a.Firm, a.Amount}); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, now, audit.Entry{Action: "voucher.apply", Kind: "application", ID: a.ID, From: from, To: to, Data: a})
}

// putAttachments keeps what an application carries, in the place of what it carried before.
func putAttachments(ctx context.Context, tx *db.Tx, application string, documents []Document) error {
	if _, err := tx.Exec(ctx, `DELETE FROM voucher_attachment WHERE application = $1`, application); err != nil {
		return fmt.Errorf("replace the attachments of %s: %w", application, err)
	}
	for i, d := range documents {
		if _, err := tx.Exec(ctx, `INSERT INTO voucher_attachment (application, position, code, name, sha256, size) VALUES ($1, $2, $3, $4, $5, $6)`,
			application, i, d.Code, d.Name, d.SHA256, d.Size); err != nil {
			return fmt.Errorf("write an attachment: %w", err)
		}
	}
	return nil
}

func listAttachments(ctx context.Context, q db.Q, application string) ([]Document, error) {
	out, err := db.All[Document](ctx, q, `SELECT code, name, sha256, size FROM voucher_attachment WHERE application = $1 ORDER BY position`, application)
	if err != nil {
		return nil, fmt.Errorf("list the attachments of %s: %w", application, err)
	}
	return out, nil
}

// returnedOf is what of grant g was given back, as a part of a statement.
const returnedOf = `(SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
	WHERE t.cause = g.id AND t.kind = 'return' AND p.amount > 0)`

// lapsedOf is what of grant g ended unused.
const lapsedOf = `(SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id
	WHERE t.cause = g.id AND t.kind = 'expire' AND p.amount > 0)`

// pastUse is what a firm made of its vouchers in a programme: of those that are valid or ended in the civil year of day, and
// of those that were issued in the year before. What it returned does not count as given.
func pastUse(ctx context.Context, q db.Q, programme, firm, day string) (scheme.History, error) {
	type row struct {
		IssuedOn  string    `db:"issued_on"`
		ExpiresOn string    `db:"expires_on"`
		Amount    money.Fen `db:"amount"`
		Left      money.Fen `db:"left_over"`
		Held      money.Fen `db:"held"`
		Lapsed    money.Fen `db:"lapsed"`
	}
	rows, err := db.All[row](ctx, q, `SELECT g.issued_on, g.expires_on, g.amount - `+returnedOf+` AS amount,
			coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'available'), 0) AS left_over,
			coalesce((SELECT balance FROM voucher_account WHERE grant_id = g.id AND part = 'held'), 0) AS held, `+lapsedOf+` AS lapsed
		FROM voucher_grant g WHERE g.firm = $1 AND g.programme = $2 AND g.state <> 'returned' ORDER BY g.issued_on, g.id`, firm, programme)
	if err != nil {
		return scheme.History{}, fmt.Errorf("read earlier vouchers of %s: %w", firm, err)
	}
	var h scheme.History
	last := yearBefore(day)
	for _, r := range rows {
		used := r.Amount - r.Left - r.Held - r.Lapsed
		if year(r.ExpiresOn) >= year(day) {
			h.Given, h.Used = h.Given+r.Amount, h.Used+used
		}
		if year(r.IssuedOn) == last {
			h.LastGiven, h.LastUsed, h.LastLapsed = h.LastGiven+r.Amount, h.LastUsed+used, h.LastLapsed+r.Lapsed
		}
	}
	return h, nil
}

// yearBefore is the civil year before that of a day; empty when the day is none.
func yearBefore(day string) string {
	n, err := strconv.Atoi(year(day))
	if err != nil {
		return ""
	}
	return strconv.Itoa(n - 1)
}

// foundedByTeam tells whether somebody of the firm belongs to a team that got a voucher of the programme in this civil year.
func (s *Service) foundedByTeam(ctx context.Context, q db.Q, programme, firm, day string) (bool, error) {
	teams, err := db.All[string](ctx, q, `SELECT DISTINCT g.firm FROM voucher_grant g JOIN voucher_application a ON a.id = g.application
		WHERE g.programme = $1 AND a.members > 0 AND g.firm <> $2 AND substr(g.issued_on, 1, 4) = $3`, programme, firm, year(day))
	if err != nil || len(teams) == 0 {
		return false, err
	}
	own, err := s.orgs.People(ctx, q, firm)
	if err != nil {
		return false, err
	}
	people := map[string]bool{}
	for _, p := range own {
		people[p.ID] = true
	}
	for _, team := range teams {
		members, err := s.orgs.People(ctx, q, team)
		if err != nil {
			return false, err
		}
		for _, p := range members {
			if people[p.ID] {
				return true, nil
			}
		}
	}
	return false, nil
}
