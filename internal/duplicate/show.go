package duplicate

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/state"
)

func parseScore(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fault.New(fault.BadRequest, "cursor", "这个分页地址已经失效，请从第一页重新查看。").Because(err)
	}
	return n, nil
}

func formatScore(n int64) string { return strconv.FormatInt(n, 10) }

// Shown is a pair with all that is needed to decide.
type Shown struct {
	Pair    Pair
	A, B    catalogue.Resource
	Owners  map[string]identity.Organisation
	Orders  map[string]int64
	Changes map[string][]catalogue.Revision
	Reasons []Reason
	Differ  []catalogue.Change // From: of A, To: of B
	Steps   []Step
	Moves   []state.Step
	Keep    string // the record that stays, as proposed or as we would choose
}

// Show gives a pair to a reader who may decide about it.
func (s *Service) Show(ctx context.Context, by identity.Subject, pair string) (Shown, error) {
	p, err := getPair(ctx, s.DB, pair)
	if errors.Is(err, db.ErrNone) {
		return Shown{}, pairMissing()
	}
	if err != nil {
		return Shown{}, err
	}
	if s.Policy.Can(by, "duplicate.view", object(p)) != nil {
		return Shown{}, pairMissing()
	}
	v := Shown{Pair: p, Moves: s.Moves(by, p), Keep: p.Keep, Changes: map[string][]catalogue.Revision{}, Orders: map[string]int64{}}
	records, err := s.Catalogue.Whatever(ctx, s.DB, []string{p.First, p.Second})
	if err != nil {
		return v, err
	}
	v.A, v.B = records[p.First], records[p.Second]
	if v.A.ID == "" || v.B.ID == "" {
		return v, pairMissing()
	}
	v.Differ = s.Catalogue.Differences(v.A, v.B)
	if v.Owners, err = s.Organisations.Organisations(ctx, s.DB, []string{v.A.Owner, v.B.Owner}); err != nil {
		return v, err
	}
	if s.Orders != nil {
		if v.Orders, err = s.Orders.CountOf(ctx, s.DB, []string{p.First, p.Second}); err != nil {
			return v, err
		}
	}
	for _, x := range []string{p.First, p.Second} {
		if v.Changes[x], err = s.Catalogue.RevisionsOf(ctx, s.DB, x); err != nil {
			return v, err
		}
	}
	if v.Reasons, err = p.Reasons(); err != nil {
		return v, err
	}
	if v.Steps, err = listSteps(ctx, s.DB, p.ID); err != nil {
		return v, err
	}
	if v.Keep == "" {
		v.Keep = v.better()
	}
	return v, nil
}

// better is the record that we would keep: the one with more orders, else the one its owner keeps, else the fuller one, else the older.
func (v Shown) better() string {
	rank := func(r catalogue.Resource) [4]int64 {
		own := int64(0)
		if v.Owners[r.Owner].Status != identity.StatusUnclaimed {
			own = 1
		}
		return [4]int64{v.Orders[r.ID], own, int64(len(r.Fields)), -r.CreatedAt.UnixMilli()}
	}
	a, b := rank(v.A), rank(v.B)
	if slices.Compare(a[:], b[:]) >= 0 {
		return v.A.ID
	}
	return v.B.ID
}

// can tells whether the reader may do a verb now.
func (v Shown) can(verb string) bool {
	return slices.ContainsFunc(v.Moves, func(st state.Step) bool { return st.Verb == verb })
}
