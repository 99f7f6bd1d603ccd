package voucher

import (
	"context"
	"errors"
	"fmt"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
	"qiao/internal/voucher/scheme"
)

// PutProgramme publishes a programme, or a new version of the terms of one (programme = its id, empty for a new one).
// The authority acted for runs it. The budget of the terms is appropriated from the funders by their shares; a new
// version appropriates the difference, and takes back only what is not yet issued. Key is the caller's id of the request.
func (s *Service) PutProgramme(ctx context.Context, by identity.Subject, programme string, d scheme.Draft, key string) (Programme, error) {
	if err := s.policy.Can(by, "programme.edit", identity.Object{Parties: map[string]string{SideAuthority: by.Org}, Region: d.Region}); err != nil {
		return Programme{}, err
	}
	if err := d.Validate(); err != nil {
		return Programme{}, err
	}
	if err := s.compiled(d.Terms); err != nil {
		return Programme{}, err
	}
	now := db.At(s.clock.Now())
	p := Programme{
		ID: programme, Authority: by.Org, Region: d.Region, NameZH: d.Name.ZH, NameEN: d.Name.EN, SummaryZH: d.Summary.ZH, SummaryEN: d.Summary.EN,
		OpensOn: d.OpensOn, ClosesOn: d.ClosesOn, Sample: d.Sample || by.Sample, Revision: 1, CreatedAt: now, Terms: d.Terms,
	}
	if p.ID == "" {
		p.ID = requestID("programme", by, key)
	}
	digest, err := digestOf(d)
	if err != nil {
		return Programme{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return s.putProgramme(ctx, tx, p, digest, now)
	})
	if err != nil {
		return Programme{}, err
	}
	return s.Programme(ctx, s.db, p.ID)
}

func (s *Service) putProgramme(ctx context.Context, tx *db.Tx, p Programme, digest string, now db.Time) error {
	key := "appropriate/" + id.From(p.ID, fmt.Sprint(p.Terms.Version))
	if again, err := done(ctx, tx, key, digest); err != nil || again {
		return err
	}
	last, from, err := lastVersion(ctx, tx, p.ID)
	if err != nil {
		return fmt.Errorf("read the last terms: %w", err)
	}
	before := Budget{}
	if last > 0 {
		old, err := s.getProgramme(ctx, tx, p.ID, from)
		if err != nil {
			return err
		}
		if old.Authority != p.Authority || old.Region != p.Region {
			return fault.New(fault.Forbidden, "not-your-programme", "只有本计划的主管部门可以修改它，地区不能更改。")
		}
		if before, err = getBudget(ctx, tx, p.ID, p.Terms.From); err != nil {
			return err
		}
	}
	if p.Terms.Version != last+1 || p.Terms.From <= from {
		return fault.New(fault.Invalid, "terms-version", "新规则的版本号应为 {0}，生效日期应晚于 {1}。", last+1, from).
			Field("version", "invalid", "版本号应为 {0}。", last+1)
	}
	if err := upsertProgramme(ctx, tx, p); err != nil {
		return err
	}
	if err := insertTerms(ctx, tx, p.ID, p.Terms, now); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, now.Time, audit.Entry{Action: "programme.edit", Kind: "programme", ID: p.ID, Data: p}); err != nil {
		return err
	}
	return s.appropriate(ctx, tx, p, before.Appropriated, transfer{key: key, digest: digest, at: now})
}

// appropriate brings what the funders have given to the budget of the terms.
func (s *Service) appropriate(ctx context.Context, tx *db.Tx, p Programme, before money.Fen, t transfer) error {
	change := p.Terms.Budget.Value - before
	if change == 0 {
		return nil
	}
	t.kind, t.programme, t.cause, t.day = kindAppropriate, p.ID, p.ID, s.today()
	shares := p.Terms.Shares(scheme.Parties{Authority: p.Authority, Firm: p.Authority, Provider: p.Authority})
	if change > 0 {
		for _, share := range scheme.Split(change, shares) {
			t.postings = append(t.postings, posting{funderAccount(share.Funder, p.ID), -share.Amount})
		}
		t.postings = append(t.postings, fill(p.ID, change)...)
	} else {
		for _, share := range scheme.Split(-change, shares) {
			t.postings = append(t.postings, posting{funderAccount(share.Funder, p.ID), share.Amount})
		}
		back, err := gather(ctx, tx, p.ID, -change)
		if errors.Is(err, errFloor) {
			return fault.New(fault.Conflict, "budget-issued", "已发放的额度超过新的预算，预算最多只能减到已发放数。")
		}
		if err != nil {
			return err
		}
		t.postings = append(t.postings, back...)
	}
	return book(ctx, tx, t)
}

// requestID is the id of what a request makes: the same person with the same key finds the first one.
func requestID(kind string, by identity.Subject, key string) string {
	if key == "" {
		return id.New()
	}
	return id.From("voucher."+kind, by.Person, by.Org, key)
}

// Programme is a programme with the terms in force today; a fault NotFound when there is none.
func (s *Service) Programme(ctx context.Context, q db.Q, programme string) (Programme, error) {
	return s.getProgramme(ctx, q, programme, s.today())
}

// Programmes lists every programme with the terms in force today, newest first.
func (s *Service) Programmes(ctx context.Context, q db.Q) ([]Programme, error) {
	return s.listProgrammes(ctx, q, s.today())
}

// Budget is where the money of a programme is now.
func (s *Service) Budget(ctx context.Context, q db.Q, programme string) (Budget, error) {
	soon, err := clock.AddDays(s.today(), noticeSix)
	if err != nil {
		return Budget{}, err
	}
	return getBudget(ctx, q, programme, soon)
}
