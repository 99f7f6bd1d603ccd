package editor

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"qiao/internal/identity"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
	"qiao/internal/voucher"
	"qiao/internal/voucher/scheme"
)

// exampleView is a published scheme with its rules in words and its worked cases tried.
type exampleView struct {
	scheme.Example
	Region   string // its name
	Rules    []scheme.Rule
	Outcomes []scheme.Outcome
	Open     []string // fields that the source says nothing about
	MayBegin bool
}

func (s *Service) exampleView(ctx context.Context, e scheme.Example) (exampleView, error) {
	n, err := s.programmes.Naming(ctx, s.db, e.Programme.Terms)
	if err != nil {
		return exampleView{}, err
	}
	by := identity.SubjectOf(ctx)
	v := exampleView{
		Example: e, Region: n.Region(e.Programme.Region), Rules: e.Programme.Terms.Rules(ctx, n.Region, n.Lists), Open: e.Programme.Terms.OpenFields(),
		MayBegin: by.SignedIn() && s.mayEdit(by, by.Org, by.Region) == nil,
	}
	for _, x := range e.Cases {
		v.Outcomes = append(v.Outcomes, e.Programme.Terms.Try(x))
	}
	return v, nil
}

func (s *Service) showExamples(w http.ResponseWriter, r *http.Request) error {
	all, err := scheme.Examples()
	if err != nil {
		return err
	}
	views := make([]exampleView, len(all))
	for i, e := range all {
		if views[i], err = s.exampleView(r.Context(), e); err != nil {
			return err
		}
	}
	slices.SortStableFunc(views, func(a, b exampleView) int { return len(a.Open) - len(b.Open) }) // the most complete first
	return web.Page(w, r, http.StatusOK, examplesPage(views))
}

func (s *Service) showExample(w http.ResponseWriter, r *http.Request) error {
	e, err := example(r.PathValue("code"))
	if err != nil {
		return err
	}
	v, err := s.exampleView(r.Context(), e)
	if err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, examplePage(v))
}

// versionsView is the history of a programme's rules, each version with what it changed.
type versionsView struct {
	voucher.Programme
	Versions []version
}

// version is one version with what is different from the one before.
type version struct {
	scheme.Terms
	Current bool
	First   bool
	Changes []scheme.Change
}

func (s *Service) showVersions(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	p, err := s.programmes.Programme(ctx, s.db, r.PathValue("id"))
	if err != nil {
		return err
	}
	v := versionsView{Programme: p}
	if v.Versions, err = s.history(ctx, p); err != nil {
		return err
	}
	return web.Page(w, r, http.StatusOK, versionsPage(v))
}

func (s *Service) history(ctx context.Context, p voucher.Programme) ([]version, error) {
	list, err := s.programmes.Versions(ctx, s.db, p.ID)
	if err != nil {
		return nil, err
	}
	out := make([]version, len(list))
	for i, terms := range list {
		out[i] = version{Terms: terms, Current: terms.Version == p.Terms.Version, First: i == len(list)-1}
		if out[i].First {
			continue
		}
		if out[i].Changes, err = s.between(ctx, p, list[i+1], terms); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// between is what two versions of a programme say differently; its name and days have no versions.
func (s *Service) between(ctx context.Context, p voucher.Programme, from, to scheme.Terms) ([]scheme.Change, error) {
	n, err := s.programmes.Naming(ctx, s.db, to)
	if err != nil {
		return nil, err
	}
	old, err := s.programmes.Naming(ctx, s.db, from)
	if err != nil {
		return nil, err
	}
	lists := maps.Clone(old.Lists)
	if lists == nil {
		lists = map[string]scheme.Name{}
	}
	maps.Copy(lists, n.Lists)
	n.Lists = lists
	before, after := p.Draft(), p.Draft()
	before.Terms, after.Terms = from, to
	return scheme.Diff(ctx, before, after, n), nil
}

// chips say in short what a published scheme gives.
func (v exampleView) chips(ctx context.Context) []ui.Chip {
	var out []ui.Chip
	if most := v.Programme.Terms.Caps.Year; most != nil {
		out = append(out, ui.Chip{Text: t(ctx, "每年最多 {0}", most.Value)})
	}
	if len(v.Programme.Terms.Rates) > 0 {
		out = append(out, ui.Chip{Text: t(ctx, "分类比例")})
	}
	if v.Programme.Terms.Funders != nil {
		out = append(out, ui.Chip{Text: t(ctx, "多方出资")})
	}
	if v.Programme.Terms.Reward != nil {
		out = append(out, ui.Chip{Text: t(ctx, "奖励服务机构")})
	}
	if slices.Contains(v.Open, "ratio") && len(v.Programme.Terms.Rates) == 0 {
		out = append(out, ui.Chip{Tone: ui.Warn, Text: t(ctx, "比例未载")})
	}
	return out
}

// share is the ratio in a few words, or a dash where the source says nothing.
func (v exampleView) share() string {
	terms := v.Programme.Terms
	if v.perUnit() {
		u := terms.Rates[0].PerUnit[0]
		return u.Amount.String() + "/" + u.Unit
	}
	tiers := slices.Clone(terms.Ratio.Value)
	if terms.Ratio.Clause.Source == scheme.Open && len(tiers) == 1 && tiers[0].BasisPoints == 0 {
		tiers = nil
	}
	for _, r := range terms.Rates {
		tiers = append(tiers, r.Ratio...)
	}
	if len(tiers) == 0 {
		return "—"
	}
	terms.Ratio.Value = tiers
	return terms.ShareText()
}

// perUnit tells whether the support is an amount for each unit, not a ratio.
func (v exampleView) perUnit() bool {
	rates := v.Programme.Terms.Rates
	return len(rates) > 0 && len(rates[0].PerUnit) > 0
}

func (v exampleView) unit(ctx context.Context) string {
	if v.perUnit() {
		return t(ctx, "起")
	}
	return t(ctx, "抵扣比例")
}

// fieldName is what a field of the terms is called.
func fieldName(ctx context.Context, name string) string {
	names := map[string]string{"rates": "分类比例", "groups": "企业类别", "types": "券种", "region": "地区", "ratio": "抵扣比例"}
	if zh, ok := names[name]; ok {
		return t(ctx, zh)
	}
	for _, tp := range topics() {
		for _, x := range tp.fields {
			if x.name == name {
				return t(ctx, x.label)
			}
		}
	}
	return name
}
