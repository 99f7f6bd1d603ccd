package voucher

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

const programmeColumns = `id, authority, region, name_zh, name_en, summary_zh, summary_en, opens_on, closes_on, sample, revision, created_at`

// versioned is a programme with the version of its terms.
type versioned struct {
	Programme
	Version int `db:"version"`
}

// getProgramme reads a programme with the terms in force on day; a fault NotFound when there is none.
func (s *Service) getProgramme(ctx context.Context, q db.Q, programme, day string) (Programme, error) {
	p, err := db.One[versioned](ctx, q, `SELECT `+programmeColumns+`, `+versionOn+` AS version FROM voucher_programme p WHERE id = $2`, day, programme)
	if errors.Is(err, db.ErrNone) {
		return p.Programme, fault.New(fault.NotFound, "programme-not-found", "没有找到这个创新券计划。")
	}
	if err != nil {
		return p.Programme, fmt.Errorf("read programme %s: %w", programme, err)
	}
	p.Terms, err = s.termsVersion(ctx, q, programme, p.Version)
	return p.Programme, err
}

// versionOn is the version of the terms of programme p in force on day $1; before the first one begins, the first.
const versionOn = `coalesce((SELECT max(version) FROM voucher_terms t WHERE t.programme = p.id AND t.valid_from <= $1),
	(SELECT min(version) FROM voucher_terms t WHERE t.programme = p.id))`

// listProgrammes lists all programmes, newest first, with the terms in force on day.
func (s *Service) listProgrammes(ctx context.Context, q db.Q, day string) ([]Programme, error) {
	rows, err := db.All[versioned](ctx, q, `SELECT `+programmeColumns+`, `+versionOn+` AS version FROM voucher_programme p
		ORDER BY opens_on DESC, id DESC`, day)
	if err != nil {
		return nil, fmt.Errorf("list programmes: %w", err)
	}
	out := make([]Programme, len(rows))
	for i, r := range rows {
		if r.Terms, err = s.termsVersion(ctx, q, r.ID, r.Version); err != nil {
			return nil, err
		}
		out[i] = r.Programme
	}
	return out, nil
}

// termsVersion is one version of a programme's terms, remembered once it was read.
func (s *Service) termsVersion(ctx context.Context, q db.Q, programme string, version int) (scheme.Terms, error) {
	key := fmt.Sprintf("%s/%d", programme, version)
	if t, ok := s.terms.Load(key); ok {
		if terms, ok := t.(scheme.Terms); ok {
			return terms, nil
		}
	}
	body, err := db.One[string](ctx, q, `SELECT body FROM voucher_terms WHERE programme = $1 AND version = $2`, programme, version)
	if err != nil {
		return scheme.Terms{}, fmt.Errorf("read terms %d of programme %s: %w", version, programme, err)
	}
	var t scheme.Terms
	if err := json.Unmarshal([]byte(body), &t); err != nil {
		return scheme.Terms{}, fmt.Errorf("read terms %d of programme %s: %w", version, programme, err)
	}
	s.terms.Store(key, t)
	return t, nil
}

// lastVersion is the newest version of a programme's terms and the day it begins; 0 when there is none.
func lastVersion(ctx context.Context, q db.Q, programme string) (version int, from string, err error) {
	type row struct {
		Version int    `db:"version"`
		From    string `db:"valid_from"`
	}
	r, err := db.One[row](ctx, q, `SELECT version, valid_from FROM voucher_terms WHERE programme = $1 ORDER BY version DESC LIMIT 1`, programme)
	if errors.Is(err, db.ErrNone) {
		return 0, "", nil
	}
	return r.Version, r.From, err
}

// Versions are all terms of a programme, the newest first.
func (s *Service) Versions(ctx context.Context, q db.Q, programme string) ([]scheme.Terms, error) {
	last, _, err := lastVersion(ctx, q, programme)
	if err != nil {
		return nil, fmt.Errorf("read the last terms of programme %s: %w", programme, err)
	}
	var out []scheme.Terms
	for v := last; v > 0; v-- {
		t, err := s.termsVersion(ctx, q, programme, v)
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

func upsertProgramme(ctx context.Context, tx *db.Tx, p Programme) error {
	_, err := tx.Exec(ctx, `INSERT INTO voucher_programme (`+programmeColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, summary_zh = excluded.summary_zh,
			summary_en = excluded.summary_en, opens_on = excluded.opens_on, closes_on = excluded.closes_on, revision = voucher_programme.revision + 1`,
		p.ID, p.Authority, p.Region, p.NameZH, p.NameEN, p.SummaryZH, p.SummaryEN, p.OpensOn, p.ClosesOn, p.Sample, p.Revision, p.CreatedAt)
	if err != nil {
		return fmt.Errorf("write a programme: %w", err)
	}
	return nil
}

func insertTerms(ctx context.Context, tx *db.Tx, programme string, t scheme.Terms, at db.Time) error {
	body, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO voucher_terms (programme, version, valid_from, body, created_at) VALUES ($1, $2, $3, $4, $5)`,
		programme, t.Version, t.From, string(body), at); err != nil {
		return fmt.Errorf("write terms: %w", err)
	}
	return nil
}

// Budget is where a programme's money is. The parts add up to Appropriated; all are read from the ledger, only Claimed
// (the part of what was used that lies in a redemption not yet approved) and Expiring (the part of Available that ends
// within six weeks) look at states too.
type Budget struct {
	Appropriated, Unissued, Available, Held, Used, Payable, Paid, Recovered, Received, Lapsed money.Fen

	Claimed  money.Fen
	Expiring money.Fen
	Rewarded money.Fen // of what is payable, paid or asked back: rewards of providers, which were never issued
}

// Issued is all that was granted and not returned.
func (b Budget) Issued() money.Fen { return b.Appropriated - b.Unissued - b.Rewarded }

// sums is a list of accounts' parts with their amounts.
type sums struct {
	Part   string    `db:"part"`
	Amount money.Fen `db:"amount"`
}

func getBudget(ctx context.Context, q db.Q, programme, soon string) (Budget, error) {
	own, err := db.All[sums](ctx, q, `SELECT part, CAST(sum(balance) AS BIGINT) AS amount FROM voucher_account
		WHERE programme = $1 AND programme <> '' GROUP BY part`, programme)
	if err != nil {
		return Budget{}, fmt.Errorf("read the budget: %w", err)
	}
	payees, err := db.All[sums](ctx, q, `SELECT a.part, CAST(sum(p.amount) AS BIGINT) AS amount
		FROM voucher_transfer t JOIN voucher_posting p ON p.transfer = t.id JOIN voucher_account a ON a.path = p.account
		WHERE t.programme = $1 AND t.kind IN ('approve', 'refuse', 'pay', 'bounce', 'recover', 'receive') AND a.part IN ('payable', 'paid', 'recover', 'received') GROUP BY a.part`, programme)
	if err != nil {
		return Budget{}, fmt.Errorf("read what payees got: %w", err)
	}
	m := map[string]money.Fen{}
	for _, x := range append(own, payees...) {
		m[x.Part] += x.Amount
	}
	b := Budget{
		Appropriated: -m["funder"], Unissued: m["unissued"], Available: m["available"], Held: m["held"], Used: m["used"],
		Payable: m["payable"], Paid: m["paid"], Recovered: m["recover"], Received: m["received"], Lapsed: m["lapsed"],
	}
	if b.Claimed, err = db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM voucher_claim
		WHERE programme = $1 AND state IN ('submitted', 'verified') AND NOT reward`, programme); err != nil {
		return Budget{}, fmt.Errorf("read what is claimed: %w", err)
	}
	if b.Rewarded, err = db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM voucher_claim WHERE programme = $1 AND `+rewarding, programme); err != nil {
		return Budget{}, fmt.Errorf("read what is rewarded: %w", err)
	}
	b.Expiring, err = db.One[money.Fen](ctx, q, `SELECT CAST(coalesce(sum(a.balance), 0) AS BIGINT)
		FROM voucher_grant g JOIN voucher_account a ON a.grant_id = g.id AND a.part = 'available'
		WHERE g.programme = $1 AND g.state = 'active' AND g.expires_on <= $2`, programme, soon)
	if err != nil {
		return Budget{}, fmt.Errorf("read what ends soon: %w", err)
	}
	return b, nil
}
