package editor

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher/scheme"
)

// simulationView is what a draft would have cost.
type simulationView struct {
	tab
	Result scheme.Simulation
	Region scheme.RegionNamer
}

func (s *Service) showSimulation(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	tb, err := s.open(r, "simulation")
	if err != nil {
		return err
	}
	span, err := s.lastYear()
	if err != nil {
		return err
	}
	f := form.Read(r)
	v := simulationView{tab: tb}
	v.Form = f
	f.Set("from", cmp.Or(f.Text("from"), span.From))
	f.Set("to", cmp.Or(f.Text("to"), span.To))
	span = Span{f.Date("from"), f.Date("to")}
	n, err := s.programmes.Naming(ctx, s.db, v.Scheme.Terms)
	if err != nil {
		return err
	}
	v.Region = n.Region
	if v.Live != nil && f.OK() {
		if v.Result, err = s.Simulate(ctx, s.db, v.Programme, v.Scheme.Terms, span); err != nil && !f.Fail(err) {
			return err
		}
	}
	return web.Page(w, r, f.Status(), simulationPage(v))
}

// sortName is what a sum over a sort of firms is called.
func (v simulationView) sortName(ctx context.Context, key string) string {
	if code, ok := strings.CutPrefix(key, "group/"); ok {
		for _, g := range v.Scheme.Terms.Groups {
			if g.Code == code {
				return g.Name.In(ctx)
			}
		}
		return code
	}
	if key == "" {
		return t(ctx, "其他")
	}
	return scheme.CapacityName(ctx, key)
}

func (v simulationView) regionName(_ context.Context, key string) string {
	if key == "" {
		return "—"
	}
	return v.Region(key)
}

// bars are the months: as it was beside as it would have been.
func (v simulationView) bars(ctx context.Context) ui.BarsOf {
	out := ui.BarsOf{Title: t(ctx, "各月券付金额：超出部分为新规则多付或少付"), Head: t(ctx, "月份"), Unit: t(ctx, "元"), Series: []string{t(ctx, "两者相同的部分"), t(ctx, "只有现行规则付"), t(ctx, "只有新规则付")}}
	for _, m := range v.Result.ByMonth {
		same := min(m.Paid, m.Cost)
		parts := []money.Fen{same, m.Paid - same, m.Cost - same}
		b := ui.Bar{Label: m.Key}
		for _, p := range parts {
			b.Values, b.Texts = append(b.Values, float64(p)/100), append(b.Texts, p.String())
		}
		out.Bars = append(out.Bars, b)
	}
	return out
}

// change writes a difference with its sign.
func change(from, to money.Fen) string {
	d := to - from
	if d > 0 {
		return "+" + d.String()
	}
	return d.String()
}

// funderName is a funder in words, by role or organisation.
func funderName(ctx context.Context, who string) string {
	return scheme.FunderName(ctx, scheme.Share{Organisation: who})
}

// partsText lists who funds what; one funder that is the programme's own needs no words.
func partsText(ctx context.Context, parts []scheme.Part) []string {
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		if len(parts) > 1 || p.Funder != "" {
			out = append(out, t(ctx, "{0} {1}", funderName(ctx, p.Funder), p.Amount))
		}
	}
	return out
}

// wrongText says what of a worked case came out otherwise.
func wrongText(ctx context.Context, d scheme.Difference) string {
	names := map[string]string{"voucher": "券付金额", "why": "限制的规则", "rate": "适用的比例", "reward": "奖励", "shares": "出资", "room": "还可申请", "refused": "不予通过的原因"}
	return t(ctx, "{0}：得 {1}，应为 {2}", t(ctx, names[d.Of]), d.Got, d.Want)
}
