package scrutiny

import (
	"context"
	"fmt"
	"slices"

	"qiao/internal/platform/db"
	"qiao/internal/platform/draw"
	"qiao/internal/platform/verify"
)

// Verify checks that every draw gives the cases it gave, by its list and its number; that a state is that of the last step; that
// money asked back was ordered by a second person and its redemption is recovered; that a sanction in force was decided by two
// and stands on the list.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, check := range []func(context.Context, db.Q) ([]verify.Finding, error){s.verifyDraws, verifySteps, s.verifyRecoveries, s.verifySanctions} {
		found, err := check(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (s *Service) verifyDraws(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	var w db.Where
	w.And("state = ?", DrawnSt)
	draws, err := listDraws(ctx, q, &w, most)
	if err != nil {
		return nil, err
	}
	for _, d := range draws {
		bad := func(text string, args ...any) {
			out = append(out, verify.Finding{Code: "scrutiny.draw", Object: d.ID, Text: fmt.Sprintf(text, args...)})
		}
		if seed := draw.Seed(d.List, d.Announced); seed != d.Seed {
			bad("the seed is %s, the list and the number give %s", d.Seed, seed)
		}
		if d.Witness == "" || d.Witness == d.Person {
			bad("one person closed the list and entered the number")
		}
		lots, err := s.lotsOf(ctx, d, d.Seed)
		if err != nil {
			bad("%v", err)
			continue
		}
		var cases db.Where
		cases.And("draw = ?", d.ID)
		list, err := listCases(ctx, q, &cases, len(lots)+1)
		if err != nil {
			return nil, err
		}
		var want, got []string
		for _, x := range lots {
			if x.Chosen {
				want = append(want, x.Item.ID)
			}
		}
		for _, c := range list {
			got = append(got, c.Claim)
		}
		slices.Sort(want)
		slices.Sort(got)
		for _, c := range got { // one that was looked at already stays that case
			if !slices.Contains(want, c) {
				bad("redemption %s is looked at, and was not drawn", c)
			}
		}
		if int64(len(want)) != d.Drawn {
			bad("%d were drawn, the share gives %d", len(want), d.Drawn)
		}
	}
	return out, nil
}

func verifySteps(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	type row struct {
		Object string `db:"object"`
		Text   string `db:"text"`
	}
	var out []verify.Finding
	for _, table := range []string{"scrutiny_flag", "scrutiny_case", "scrutiny_recovery", "scrutiny_sanction"} {
		rows, err := db.All[row](ctx, q, `SELECT x.id AS object, 'state ' || x.state || ', last step ' || coalesce(s.to_state, 'none') AS text FROM `+table+` x
			LEFT JOIN scrutiny_step s ON s.object = x.id AND s.position = (SELECT max(position) FROM scrutiny_step WHERE object = x.id)
			WHERE coalesce(s.to_state, '') <> x.state ORDER BY x.id`)
		if err != nil {
			return nil, fmt.Errorf("compare %s with its steps: %w", table, err)
		}
		for _, r := range rows {
			out = append(out, verify.Finding{Code: "scrutiny.step", Object: r.Object, Text: r.Text})
		}
	}
	return out, nil
}

func (s *Service) verifyRecoveries(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	var w db.Where
	w.In("state", []string{Ordered, Received})
	list, err := listRecoveries(ctx, q, &w, most)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		c, err := s.Vouchers.Whole(ctx, q, r.Claim)
		if err != nil {
			return nil, err
		}
		if c.State != "recovered" || r.Second == "" || r.Second == r.Person || r.Amount != c.Amount {
			out = append(out, verify.Finding{Code: "scrutiny.recovery", Object: r.ID, Text: fmt.Sprintf("redemption %s is %s, %s of %s by two persons", c.Number, c.State, r.Amount, c.Amount)})
		}
	}
	return out, nil
}

func (s *Service) verifySanctions(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	var w db.Where
	w.In("state", inForce())
	list, err := listSanctions(ctx, q, &w, most)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if x.Decider == "" || x.Confirmer == "" || x.Decider == x.Confirmer {
			out = append(out, verify.Finding{Code: "scrutiny.sanction", Object: x.ID, Text: "was not decided by two persons"})
		}
		there, err := s.Bans.Stands(ctx, q, x.Org, x.Entry, x.To)
		if err != nil {
			return nil, err
		}
		if !there {
			out = append(out, verify.Finding{Code: "scrutiny.ban", Object: x.ID, Text: "is in force, and its entry does not stand on the list to its last day"})
		}
	}
	return out, nil
}
