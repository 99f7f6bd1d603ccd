package match

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
)

// Ratio is a figure with what it is made of. No official definition of matching rates exists; these are
// ours, stated with the figure.
type Ratio struct {
	Numerator   int64
	Denominator int64
}

// Percent is the ratio in hundredths of a percent, rounded half up; 0 without a denominator.
func (r Ratio) Percent() int64 {
	if r.Denominator == 0 {
		return 0
	}
	return (2*10000*r.Numerator + r.Denominator) / (2 * r.Denominator)
}

// FiguresRequest says over which needs the figures are taken.
type FiguresRequest struct {
	Region   string // six digits, its subtree
	From, To string // civil days of publication, both included; '' is open
	CutOff   string // what happened after this civil day does not count; '' is today
}

// Figures are the matching figures of a region and period.
type Figures struct {
	CutOff  string
	Match   Ratio // needs with at least one accepted candidate or response ÷ valid needs published
	Contact Ratio // needs with a recorded contact of both sides (a meeting or an agreement) ÷ valid needs published
	Signing Ratio // needs with a signed agreement ÷ needs with a recorded contact
	Landing Ratio // agreements carried out and accepted ÷ agreements signed
	// Response is the median time from publication to the first response of an owner (the lower of two
	// middle values); Responded needs have one.
	Response  time.Duration
	Responded int64
}

type counts struct {
	Published int64 `db:"published"`
	Accepted  int64 `db:"accepted"`
	Contacted int64 `db:"contacted"`
	Signed    int64 `db:"signed"`
	Landed    int64 `db:"landed"`
}

// Figures counts. A need closed as invalid by the cut-off leaves every figure.
func (s *Service) Figures(ctx context.Context, q db.Q, r FiguresRequest) (Figures, error) {
	if r.CutOff == "" {
		r.CutOff = s.today()
	}
	c, err := countFigures(ctx, q, r)
	if err != nil {
		return Figures{}, err
	}
	waits, err := responseTimes(ctx, q, r)
	if err != nil {
		return Figures{}, err
	}
	f := Figures{
		CutOff: r.CutOff, Match: Ratio{c.Accepted, c.Published}, Contact: Ratio{c.Contacted, c.Published},
		Signing: Ratio{c.Signed, c.Contacted}, Landing: Ratio{c.Landed, c.Signed}, Responded: int64(len(waits)),
	}
	if len(waits) > 0 {
		slices.Sort(waits)
		f.Response = waits[(len(waits)-1)/2]
	}
	return f, nil
}

// where is the condition for the needs of a request, $1 to $5.
const figuresWhere = ` n.published_on <> '' AND n.region BETWEEN $1 AND $2 AND n.published_on BETWEEN $3 AND $4
	AND NOT (n.outcome = 'invalid' AND n.closed_on <= $5)`

func figuresArgs(r FiguresRequest) []any {
	first, last := "000000", "999999"
	if r.Region != "" {
		first, last = identity.Span(r.Region)
	}
	to := r.CutOff
	if r.To != "" && r.To < to {
		to = r.To
	}
	return []any{first, last, r.From, to, r.CutOff}
}

func countFigures(ctx context.Context, q db.Q, r FiguresRequest) (counts, error) {
	c, err := db.One[counts](ctx, q, `SELECT count(*) AS published,
		count(*) FILTER (WHERE EXISTS (SELECT 1 FROM match_proposal p WHERE p.need = n.id AND p.state = 'accepted' AND p.decided_on <= $5)) AS accepted,
		count(*) FILTER (WHERE EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.verb IN ('meet', 'agree') AND s.day <= $5)) AS contacted,
		count(*) FILTER (WHERE EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.verb = 'agree' AND s.day <= $5)) AS signed,
		count(*) FILTER (WHERE n.outcome = 'done' AND n.closed_on <= $5
			AND EXISTS (SELECT 1 FROM match_step s WHERE s.need = n.id AND s.verb = 'agree' AND s.day <= $5)) AS landed
		FROM match_need n WHERE`+figuresWhere, figuresArgs(r)...)
	if err != nil {
		return c, fmt.Errorf("count the matching figures: %w", err)
	}
	return c, nil
}

// responseTimes are the times from publication to the first response, of needs that have one.
func responseTimes(ctx context.Context, q db.Q, r FiguresRequest) ([]time.Duration, error) {
	type pair struct {
		Published db.Time `db:"published"`
		Answered  db.Time `db:"answered"`
	}
	rows, err := db.All[pair](ctx, q, `SELECT
		(SELECT min(p.at) FROM match_step p WHERE p.need = n.id AND p.verb IN ('publish', 'accept')) AS published,
		(SELECT min(a.at) FROM match_step a WHERE a.need = n.id AND a.verb = 'respond' AND a.day <= $5) AS answered
		FROM match_need n WHERE`+figuresWhere+`
		AND EXISTS (SELECT 1 FROM match_step a WHERE a.need = n.id AND a.verb = 'respond' AND a.day <= $5)`, figuresArgs(r)...)
	if err != nil {
		return nil, fmt.Errorf("read how soon needs were answered: %w", err)
	}
	out := make([]time.Duration, len(rows))
	for i, p := range rows {
		out[i] = p.Answered.Sub(p.Published.Time)
	}
	return out, nil
}

// staleDays is how long an accepted candidate may wait before the firm is reminded.
const staleDays = 14

func (s *Service) staleBefore() (string, error) { return clock.AddDays(s.today(), -staleDays) }
