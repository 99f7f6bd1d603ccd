package catalogue

import (
	"context"

	"qiao/internal/platform/i18n"
	"qiao/internal/platform/ui"
)

// Face is what pages of other modules show of a resource, in the reader's language.
type Face struct {
	Name   string
	Kind   string
	Icon   string
	Hue    int
	Price  string // "¥600.00 / 小时", 免费, 面议
	Access string
	Facts  []ui.Fact // the fields of its kind that are for everybody
}

// Face reads it out of a resource.
func (s *Service) Face(ctx context.Context, r Resource) Face {
	v := resourceView{Resource: r, Kind: s.kindOf(r), SignIn: true}
	out := Face{Name: r.name(ctx), Kind: i18n.Pick(ctx, v.Kind.ZH, v.Kind.EN), Access: v.accessText(ctx)}
	out.Icon, out.Hue = look(r.Kind)
	p := Item{Resource: r}.price(ctx)
	out.Price = joined(" ", p.Amount, p.Unit)
	for _, g := range groups() {
		out.Facts = append(out.Facts, v.facts(ctx, g.Name)...)
	}
	return out
}

// Soon tells when bookable resources are free within the coming two weeks, by id.
func (s *Service) Soon(ctx context.Context) (map[string]Free, error) { return s.soon(ctx) }
