package voucher

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// Application is a firm's request for a quota.
type Application struct {
	ID          string    `db:"id"`
	Number      string    `db:"number"`
	Programme   string    `db:"programme"`
	Region      string    `db:"region"`
	Firm        string    `db:"firm"`
	Person      string    `db:"person"`
	Amount      money.Fen `db:"amount"`
	Purpose     string    `db:"purpose"`    // what the firm wants it for, in its own words
	Statements  string    `db:"statements"` // codes of what it declared, joined by spaces
	State       string    `db:"state"`
	Reason      string    `db:"reason"`      // of a refusal, or of a grant of less
	Type        string    `db:"type"`        // of the voucher, a code of the terms
	Members     int       `db:"members"`     // of a team that is not yet a company
	Granted     money.Fen `db:"granted"`     // what the approval gave
	Window      string    `db:"window_from"` // first day of the batch window it came in; empty: first come, first served
	Digest      string    `db:"digest"`
	Revision    int64     `db:"revision"`
	SubmittedOn string    `db:"submitted_on"`
	CreatedAt   db.Time   `db:"created_at"`
}

const applicationColumns = `id, number, programme, region, firm, person, amount, purpose, statements, state, reason, type, members, granted, window_from, digest, revision, submitted_on, created_at`

func applicationMissing() error {
	return fault.New(fault.NotFound, "application-not-found", "没有找到这份申请。")
}

func getApplication(ctx context.Context, q db.Q, application string) (Application, error) {
	a, err := db.One[Application](ctx, q, `SELECT `+applicationColumns+` FROM voucher_application WHERE id = $1`, application)
	if errors.Is(err, db.ErrNone) {
		return a, applicationMissing()
	}
	if err != nil {
		return a, fmt.Errorf("read application %s: %w", application, err)
	}
	return a, nil
}

// lockApplication reads an application and keeps others from it until the commit.
func lockApplication(ctx context.Context, tx *db.Tx, application string) (Application, error) {
	a, err := db.One[Application](ctx, tx, `UPDATE voucher_application SET revision = revision + 1 WHERE id = $1 RETURNING `+applicationColumns, application)
	if errors.Is(err, db.ErrNone) {
		return a, applicationMissing()
	}
	if err != nil {
		return a, fmt.Errorf("lock application %s: %w", application, err)
	}
	return a, nil
}

func insertApplication(ctx context.Context, tx *db.Tx, a Application) error {
	_, err := tx.Exec(ctx, `INSERT INTO voucher_application (`+applicationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
		a.ID, a.Number, a.Programme, a.Region, a.Firm, a.Person, a.Amount, a.Purpose, a.Statements, a.State, a.Reason, a.Type, a.Members, a.Granted, a.Window, a.Digest, a.Revision, a.SubmittedOn, a.CreatedAt)
	if err != nil {
		return fmt.Errorf("write an application: %w", err)
	}
	return nil
}

// updateApplication writes whatever may change: what a draft says, and what was decided.
func updateApplication(ctx context.Context, tx *db.Tx, a Application) error {
	if _, err := tx.Exec(ctx, `UPDATE voucher_application SET number = $1, person = $2, amount = $3, purpose = $4, statements = $5, state = $6, reason = $7,
		type = $8, members = $9, granted = $10, window_from = $11, digest = $12, submitted_on = $13 WHERE id = $14`,
		a.Number, a.Person, a.Amount, a.Purpose, a.Statements, a.State, a.Reason, a.Type, a.Members, a.Granted, a.Window, a.Digest, a.SubmittedOn, a.ID); err != nil {
		return fmt.Errorf("write application %s: %w", a.ID, err)
	}
	return nil
}

// listApplications lists applications newest first; w narrows, after is the id to go on below (empty: from the newest).
func listApplications(ctx context.Context, q db.Q, w *db.Where, after string, limit int) ([]Application, error) {
	if after != "" {
		w.And("(created_at, id) < (SELECT created_at, id FROM voucher_application WHERE id = ?)", after)
	}
	sql := `SELECT ` + applicationColumns + ` FROM voucher_application` + w.SQL() + ` ORDER BY created_at DESC, id DESC LIMIT ` + w.Arg(limit)
	out, err := db.All[Application](ctx, q, sql, w.Args()...)
	if err != nil {
		return nil, fmt.Errorf("list applications: %w", err)
	}
	return out, nil
}

// lockWallet makes everything that changes one firm's quota in one programme queue here; so do the redemptions of one
// provider.
func lockWallet(ctx context.Context, tx *db.Tx, programme, firm string) error {
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_wallet (programme, firm, revision) VALUES ($1, $2, 1)
		ON CONFLICT (programme, firm) DO UPDATE SET revision = voucher_wallet.revision + 1`, programme, firm); err != nil {
		return fmt.Errorf("lock a wallet: %w", err)
	}
	return nil
}

// standing is what a firm has got in a programme, and what the programme has left.
type standing struct {
	Given    money.Fen `db:"given"`   // granted in the civil year
	Holding  money.Fen `db:"holding"` // granted and not yet spent
	Ever     money.Fen `db:"ever"`    // granted in all years
	Times    int       `db:"times"`   // number of grants in the civil year
	YearUsed money.Fen `db:"year_used"`
	Unissued money.Fen `db:"unissued"`
}

func getStanding(ctx context.Context, q db.Q, programme, firm, day string) (standing, error) {
	st, err := db.One[standing](ctx, q, `SELECT
		(SELECT CAST(coalesce(sum(amount - `+returnedOf+`), 0) AS BIGINT) FROM voucher_grant g WHERE firm = $2 AND programme = $1 AND substr(issued_on, 1, 4) = $3) AS given,
		(SELECT CAST(coalesce(sum(amount - `+returnedOf+`), 0) AS BIGINT) FROM voucher_grant g WHERE firm = $2 AND programme = $1) AS ever,
		(SELECT count(*) FROM voucher_grant WHERE firm = $2 AND programme = $1 AND substr(issued_on, 1, 4) = $3) AS times,
		(SELECT CAST(coalesce(sum(a.balance), 0) AS BIGINT) FROM voucher_grant g JOIN voucher_account a ON a.grant_id = g.id
			WHERE g.firm = $2 AND g.programme = $1 AND a.part IN ('available', 'held')) AS holding,
		(SELECT CAST(coalesce(sum(CASE WHEN state = 'held' THEN amount ELSE used END), 0) AS BIGINT) FROM voucher_hold
			WHERE firm = $2 AND programme = $1 AND state <> 'released' AND substr(held_on, 1, 4) = $3) AS year_used,
		(SELECT CAST(coalesce(sum(balance), 0) AS BIGINT) FROM voucher_account WHERE programme = $1 AND part = 'unissued') AS unissued`,
		programme, firm, year(day))
	if err != nil {
		return st, fmt.Errorf("read what the firm has: %w", err)
	}
	return st, nil
}

// applicant gathers what the rules look at when a firm asks for a quota.
func (s *Service) applicant(ctx context.Context, q db.Q, programme, firm, day string) (scheme.Applicant, error) {
	org, err := s.orgs.Organisation(ctx, q, firm)
	if err != nil {
		return scheme.Applicant{}, err
	}
	caps, err := s.orgs.CapacitiesOf(ctx, q, firm)
	if err != nil {
		return scheme.Applicant{}, err
	}
	st, err := getStanding(ctx, q, programme, firm, day)
	if err != nil {
		return scheme.Applicant{}, err
	}
	a := scheme.Applicant{Day: day, Region: org.Region, Place: scheme.Name{ZH: s.orgs.RegionPath(org.Region)}, YearGiven: st.Given, EverGiven: st.Ever, YearTimes: st.Times, Holding: st.Holding, Unissued: st.Unissued}
	for _, c := range caps {
		if c.In(day) {
			a.Capacities = append(a.Capacities, c.Capacity)
		}
	}
	a.Team = slices.Contains(a.Capacities, identity.CapacityTeam) && !slices.Contains(a.Capacities, identity.CapacityEnterprise)
	if a.History, err = pastUse(ctx, q, programme, firm, day); err != nil {
		return a, err
	}
	if a.TeamThisYear, err = s.foundedByTeam(ctx, q, programme, firm, day); err != nil {
		return a, err
	}
	return a, s.stand(ctx, q, programme, firm, day, &a)
}

// stand looks up the lists that the programme's terms ask for; nothing is read where they ask for none.
func (s *Service) stand(ctx context.Context, q db.Q, programme, firm, day string, a *scheme.Applicant) error {
	p, err := s.getProgramme(ctx, q, programme, day)
	if err != nil {
		return err
	}
	if a.Groups, err = s.groupsOf(ctx, q, p, firm, day); err != nil || s.rosters == nil || p.Terms.Rosters == nil {
		return err
	}
	if a.Lists, err = s.lists(ctx, q, p.Terms); err != nil {
		return err
	}
	if a.Standing, err = s.rosters.Standing(ctx, q, firm, day); err != nil {
		return fmt.Errorf("read the lists of %s: %w", firm, err)
	}
	return nil
}

// lists names the lists of organisations that terms ask for.
func (s *Service) lists(ctx context.Context, q db.Q, t scheme.Terms) (map[string]scheme.Name, error) {
	if s.rosters == nil || t.Rosters == nil {
		return nil, nil
	}
	out, err := s.rosters.Rosters(ctx, q, append(slices.Clone(t.Rosters.Any), t.Rosters.None...))
	if err != nil {
		return nil, fmt.Errorf("name the lists of terms: %w", err)
	}
	return out, nil
}

// Step is one move in the life of an application or a claim: who did what, when.
type Step struct {
	At     db.Time `db:"at"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	Verb   string  `db:"verb"`
	From   string  `db:"from_state"`
	To     string  `db:"to_state"`
	Note   string  `db:"note"`
}

// ask is what a caller wants done to an object, told apart by its key.
type ask struct {
	key, verb, digest string
}

// asked condenses a request; the key may be empty, then a repeat is not recognised here.
func asked(key, verb string, what ...any) (ask, error) {
	digest, err := digestOf(append([]any{verb}, what...)...)
	return ask{key, verb, digest}, err
}

func insertStep(ctx context.Context, tx *db.Tx, object string, st Step, a ask) error {
	var k *string
	if a.key != "" {
		k = &a.key
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_step (id, object, at, person, org, verb, from_state, to_state, note, digest, key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, id.New(), object, st.At, st.Person, st.Org, st.Verb, st.From, st.To, st.Note, a.digest, k); err != nil {
		return fmt.Errorf("write a step: %w", err)
	}
	return nil
}

// stepped tells whether this request was carried out before; its key with another content is a conflict.
func stepped(ctx context.Context, q db.Q, object string, a ask) (bool, error) {
	if a.key == "" {
		return false, nil
	}
	had, err := db.All[string](ctx, q, `SELECT digest FROM voucher_step WHERE object = $1 AND key = $2`, object, a.key)
	if err != nil {
		return false, fmt.Errorf("look for a step: %w", err)
	}
	if len(had) > 0 && had[0] != a.digest {
		return false, keyConflict()
	}
	return len(had) > 0, nil
}

func listSteps(ctx context.Context, q db.Q, object string) ([]Step, error) {
	out, err := db.All[Step](ctx, q, `SELECT at, person, org, verb, from_state, to_state, note FROM voucher_step WHERE object = $1 ORDER BY at, id`, object)
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	return out, nil
}

// countWaiting counts the rows of one of the module's tables that w asks for, with the oldest one's instant.
func countWaiting(ctx context.Context, q db.Q, table string, w *db.Where) (int, db.NullTime, error) {
	type row struct {
		N      int         `db:"n"`
		Oldest db.NullTime `db:"oldest"`
	}
	r, err := db.One[row](ctx, q, `SELECT count(*) AS n, min(created_at) AS oldest FROM `+table+w.SQL(), w.Args()...)
	if err != nil {
		return 0, db.NullTime{}, fmt.Errorf("count what waits: %w", err)
	}
	return r.N, r.Oldest, nil
}
