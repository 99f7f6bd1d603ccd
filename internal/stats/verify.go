package stats

import (
	"context"
	"fmt"

	"qiao/internal/platform/db"
	"qiao/internal/platform/verify"
)

// Verify checks that the sums by day are those of the facts, that no answer lacks its question, that no hold gave more
// than it had, and that the facts are what the modules' own books say.
func (s *Service) Verify(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var all []verify.Finding
	for _, check := range []func(context.Context, db.Q) ([]verify.Finding, error){verifyDays, verifyOrder, verifyHolds, s.verifyTruths} {
		found, err := check(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("verify the numbers: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

type difference struct {
	Object string `db:"object"`
	Facts  int64  `db:"facts"`
	Amount int64  `db:"amount"`
}

func verifyDays(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	rows, err := db.All[difference](ctx, q, `SELECT kind || '/' || day || '/' || region AS object, CAST(SUM(facts) AS BIGINT) AS facts, CAST(SUM(amount) AS BIGINT) AS amount
		FROM (SELECT kind, day, region, 1 AS facts, amount, minutes, score FROM stats_fact
			UNION ALL SELECT kind, day, region, -facts, -amount, -minutes, -score FROM stats_day) x
		GROUP BY kind, day, region HAVING SUM(facts) <> 0 OR SUM(amount) <> 0 OR SUM(minutes) <> 0 OR SUM(score) <> 0`)
	var out []verify.Finding
	for _, r := range rows {
		out = append(out, verify.Finding{Code: "stats.day", Object: r.Object,
			Text: fmt.Sprintf("the sums of the day differ from its facts by %d facts and %d fen", r.Facts, r.Amount)})
	}
	return out, err
}

// verifyOrder finds what cannot happen first.
func verifyOrder(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	var out []verify.Finding
	for _, p := range []struct{ later, first Kind }{{OrderAnswered, OrderPlaced}, {OrderConfirmed, OrderPlaced}, {OrderRated, OrderConfirmed},
		{NeedAnswered, NeedPublished}, {NeedContacted, NeedPublished}, {NeedAccepted, NeedPublished}} {
		objects, err := db.All[string](ctx, q, `SELECT object FROM stats_fact l WHERE kind = $1
			AND NOT EXISTS (SELECT 1 FROM stats_fact f WHERE f.object = l.object AND f.kind = $2) ORDER BY object LIMIT 100`, string(p.later), string(p.first))
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			out = append(out, verify.Finding{Code: "stats.order", Object: o, Text: fmt.Sprintf("there is a fact %s without %s", p.later, p.first)})
		}
	}
	return out, nil
}

func verifyHolds(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	rows, err := db.All[difference](ctx, q, `SELECT object, COUNT(*) AS facts, CAST(SUM(CASE WHEN kind = $1 THEN amount ELSE -amount END) AS BIGINT) AS amount
		FROM stats_fact WHERE kind IN ($1, $2, $3) GROUP BY object HAVING SUM(CASE WHEN kind = $1 THEN amount ELSE -amount END) < 0 ORDER BY object LIMIT 100`,
		string(VoucherHeld), string(VoucherFreed), string(VoucherUsed))
	var out []verify.Finding
	for _, r := range rows {
		out = append(out, verify.Finding{Code: "stats.hold", Object: r.Object, Text: fmt.Sprintf("%d fen more were used or freed than held", -r.Amount)})
	}
	return out, err
}

func (s *Service) verifyTruths(ctx context.Context, q db.Q) ([]verify.Finding, error) {
	if s.deps.Truths == nil {
		return nil, nil
	}
	truths, err := s.deps.Truths(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []verify.Finding
	for _, want := range truths {
		got, err := db.One[difference](ctx, q, `SELECT CAST(COALESCE(SUM(facts), 0) AS BIGINT) AS facts, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount
			FROM stats_day WHERE kind = $1`, string(want.Kind))
		if err != nil {
			return nil, err
		}
		if want.Facts >= 0 && want.Facts != got.Facts || want.Amount >= 0 && want.Amount != got.Amount {
			out = append(out, verify.Finding{Code: "stats.truth", Object: string(want.Kind),
				Text: fmt.Sprintf("%d facts of %d fen, but the module's books say %d of %d", got.Facts, got.Amount, want.Facts, want.Amount)})
		}
	}
	return out, nil
}
