package stats

import (
	"context"
	"fmt"

	"github.com/a-h/templ"

	"qiao/internal/identity"
	"qiao/internal/platform/i18n"
	"qiao/internal/platform/money"
	"qiao/internal/platform/region"
	"qiao/internal/platform/ui"
)

// Portal is what the home page shows of other modules, each a few lines, best first. Each function may be nil.
type Portal struct {
	Programmes func(ctx context.Context) ([]Programme, error)          // open for applications today
	Notices    func(ctx context.Context) ([]Notice, error)             // newest public notices
	Slots      func(ctx context.Context, day string) ([][]Slot, error) // open time of everything bookable on a day, one list a resource; only Look asks
	KindName   func(ctx context.Context, kind string) string           // name of a kind of resource
	Hot        []string                                                // Chinese words people may search for first
}

// Programme is a voucher programme as the home page shows it.
type Programme struct {
	Name   string // in the reader's language
	Link   string // /programmes/{id}
	Ratio  int64  // share of the price, basis points
	Cap    money.Fen
	Budget money.Fen
	Left   money.Fen // not yet granted
	Until  string    // civil date, the last day for applications
	Sample bool
}

// percentLeft is what is left of the budget, in whole percent.
func (p Programme) percentLeft() int {
	if p.Budget <= 0 {
		return 0
	}
	return int(min(max(int64(p.Left)*100/int64(p.Budget), 0), 100))
}

// Notice is a public notice as the home page shows it.
type Notice struct {
	Title  string // in the reader's language
	Link   string // /notices/{id}
	Day    string // civil date of publication
	Sample bool
}

// frontView is the numbers block of the home page.
type frontView struct {
	Figures []ui.FigureOf
	Tiles   ui.TilesOf
	Kinds   ui.RankOf
	AsOf    string
}

// Front is the numbers of the region with their definitions one click away, and where the resources are.
func (s *Service) Front(ctx context.Context) (templ.Component, error) {
	v, err := s.front(ctx)
	if err != nil {
		return nil, err
	}
	return frontBlock(v), nil
}

// frontMonths is how many months the small curves show.
const frontMonths = 12

func (s *Service) front(ctx context.Context) (frontView, error) {
	v := frontView{AsOf: ui.SayTime(ctx, s.clock.Now())}
	scope := s.Today()
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return v, fmt.Errorf("read the regions: %w", err)
	}
	for _, d := range Definitions() {
		if !d.Front {
			continue
		}
		value, err := s.Number(ctx, d.Code, scope)
		if err != nil {
			return v, err
		}
		history, err := s.History(ctx, d, scope, frontMonths)
		if err != nil {
			return v, err
		}
		card := figure(ctx, value, history)
		if n := local(value.Parts, s.deps.Root); d.Formula.Form == FormStock && n != value.Numerator {
			card.Note = t(ctx, "其中{0} {1} {2}", placeName(ctx, tree, s.deps.Root), n, d.measure(ctx))
		}
		v.Figures = append(v.Figures, card)
		if d.Code == "resources" {
			v.Kinds = s.kindRank(ctx, value)
		}
	}
	v.Tiles, err = s.tiles(ctx, tree)
	return v, err
}

// local is how many of the parts lie in the root region: a node also lists what its neighbours share.
func local(parts []Part, root string) (n int64) {
	for _, p := range parts {
		if region.Within(p.Region, root) {
			n += p.Count
		}
	}
	return n
}

// figure is a value as a card; the curve is its history, where there is enough of it.
func figure(ctx context.Context, v Value, history []Point) ui.FigureOf {
	d := v.Definition
	f := ui.FigureOf{Label: i18n.Pick(ctx, d.NameZH, d.NameEN), Href: numberLink(d.Code, v.Region)}
	f.Value, f.Unit = v.Split(ctx)
	if v.Known() && v.Denominator > 1 && d.Unit == UnitPercent {
		f.Note = t(ctx, "{0} / {1} 项需求", v.Numerator, v.Denominator)
	}
	if len(history) >= 3 {
		for _, p := range history {
			f.Spark = append(f.Spark, drawn(d, p))
		}
	}
	return f
}

// numberLink is the page of a number, in a region.
func numberLink(code, region string) string {
	if region == "" {
		return "/numbers/" + code
	}
	return "/numbers/" + code + "?region=" + region
}

// drawn is a point as a chart draws it: hours, yuan, percent. Only drawings use floats.
func drawn(d Definition, p Point) float64 {
	n := float64(p.Numerator)
	switch d.Unit {
	case UnitHours, UnitWait:
		return n / 60
	case UnitMoney:
		return n / 100
	case UnitPercent:
		return n * 100 / max(float64(p.Denominator), 1)
	case UnitScore:
		return n / max(float64(p.Denominator), 1)
	default:
		return n
	}
}

// kindRank is the resources by kind, the most first.
func (s *Service) kindRank(ctx context.Context, v Value) ui.RankOf {
	rank := ui.RankOf{Label: t(ctx, "资源按类别")}
	for _, p := range byKind(v.Parts) {
		rank.Rows = append(rank.Rows, ui.RankRow{Label: s.kindName(ctx, p.Kind), Href: "/resources?kind=" + p.Kind, Value: float64(p.Count), Text: i18n.Group(p.Count)})
	}
	return rank
}

func (s *Service) kindName(ctx context.Context, kind string) string {
	if s.deps.Portal.KindName == nil {
		return kind
	}
	return s.deps.Portal.KindName(ctx, kind)
}

// tiles is the cartogram of the root region by resources.
func (s *Service) tiles(ctx context.Context, tree *identity.Tree) (ui.TilesOf, error) {
	d, _ := Lookup("resources")
	counts, err := s.ByDistrict(ctx, d, s.Today())
	if err != nil {
		return ui.TilesOf{}, err
	}
	m := ui.TilesOf{Label: t(ctx, "各区县的资源"), Unit: t(ctx, "资源数")}
	for _, c := range Layout(s.deps.Root, s.districts(tree)) {
		m.Tiles = append(m.Tiles, ui.Tile{Col: c.Col + 1, Row: c.Row + 1, Label: placeName(ctx, tree, c.Region), Value: counts[c.Region], Href: "/resources?region=" + c.Region})
	}
	return m, nil
}

// homeView is the home page.
type homeView struct {
	Front      frontView
	Arch       *ui.ArchOf
	Region     string
	Hot        []ui.Link
	Programmes []Programme
	Notices    []Notice
	SignedIn   bool
}

func (s *Service) home(ctx context.Context) (homeView, error) {
	v := homeView{SignedIn: identity.SubjectOf(ctx).SignedIn()}
	var err error
	if v.Front, err = s.front(ctx); err != nil {
		return v, err
	}
	tree, err := s.deps.Tree(ctx, s.db)
	if err != nil {
		return v, fmt.Errorf("read the regions: %w", err)
	}
	v.Region = placeName(ctx, tree, s.deps.Root)
	for _, word := range s.deps.Portal.Hot {
		v.Hot = append(v.Hot, ui.Link{Label: t(ctx, word), Href: "/resources?q=" + queryEscape(t(ctx, word))})
	}
	return v, s.others(ctx, &v)
}

// others asks the other modules what the home page shows of them.
func (s *Service) others(ctx context.Context, v *homeView) (err error) {
	p := s.deps.Portal
	if p.Programmes != nil {
		if v.Programmes, err = p.Programmes(ctx); err != nil {
			return fmt.Errorf("ask for open programmes: %w", err)
		}
		v.Programmes = v.Programmes[:min(len(v.Programmes), 1)] // the list of all is one step away, and the first visit stays light
	}
	if p.Notices != nil {
		if v.Notices, err = p.Notices(ctx); err != nil {
			return fmt.Errorf("ask for notices: %w", err)
		}
	}
	v.Arch = s.arch(ctx)
	return nil
}
