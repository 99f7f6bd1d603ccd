package duplicate

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"qiao/internal/catalogue"
	"qiao/internal/platform/form"
	"qiao/internal/platform/state"
	"qiao/internal/platform/ui"
)

// record is a resource, for the page's components.
type record = catalogue.Resource

func scoreTone(score int64) ui.Tone {
	if score >= 850 {
		return ui.Bad
	}
	return ui.Warn
}

// owners names the owners of two records, one name where it is the same.
func (v queueView) owners(ctx context.Context, a, b catalogue.Resource) string {
	x, y := v.Owners[a.Owner], v.Owners[b.Owner]
	if a.Owner == b.Owner {
		return x.Name(ctx)
	}
	return x.Name(ctx) + " / " + y.Name(ctx)
}

// mergeVerb is how the reader may bring about a merge: alone, or by asking the other owner.
func (v pairView) mergeVerb() string {
	if v.can(VerbMerge) {
		return VerbMerge
	}
	return VerbPropose
}

// rest are the decisions beside merging.
func (v pairView) rest() []state.Step {
	return slices.DeleteFunc(slices.Clone(v.Moves), func(st state.Step) bool { return st.Verb == VerbMerge || st.Verb == VerbPropose })
}

// formOf is the form of a verb: what was typed when it failed, else what we propose.
func (v pairView) formOf(verb string) *form.Form {
	if v.Verb == verb {
		return v.Form
	}
	return form.Of(map[string]string{"keep": v.Keep})
}

// chosen is the record whose value of a field is chosen: as typed, else the one that stays, unless it says nothing.
func (v pairView) chosen(field string) string {
	if v.Verb == VerbMerge || v.Verb == VerbPropose {
		return v.Form.Text("take." + field)
	}
	for _, c := range v.Differ {
		if c.Field != field {
			continue
		}
		keep, other := c.From, c.To
		if v.Keep == v.B.ID {
			keep, other = c.To, c.From
		}
		if silent(keep) && !silent(other) {
			return v.Pair.other(v.Keep)
		}
	}
	return v.Keep
}

// silent tells whether a part says nothing.
func silent(v any) bool {
	if v == nil || v == "" {
		return true
	}
	x := reflect.ValueOf(v)
	return x.Kind() == reflect.Slice && x.Len() == 0
}

// keepNote says what speaks for keeping a record.
func (v pairView) keepNote(ctx context.Context, r catalogue.Resource) string {
	parts := []string{v.owner(r).Name(ctx), t(ctx, "{0} 笔订单", v.Orders[r.ID])}
	if r.ID == v.Keep {
		parts = append(parts, t(ctx, "建议保留"))
	}
	return strings.Join(parts, " · ")
}

func verbText(ctx context.Context, verb string) string {
	switch verb {
	case VerbAgree:
		return t(ctx, "两条记录按对方的建议合并，您的记录或对方的记录会转到保留的那一条。随时可以撤销。")
	case VerbDifferent, VerbRefuse:
		return t(ctx, "以后不再提示这一对，除非其中一条有变化。")
	case VerbLater:
		return t(ctx, "到时会重新出现在“待判断”里。")
	case VerbUndo:
		return t(ctx, "两条记录恢复到合并以前的样子；合并之后改过的内容保持现状，并会逐项告诉您。")
	}
	return t(ctx, "这一对会回到“待判断”。")
}

func reasonLine(ctx context.Context, list []Reason) string {
	var out []string
	for _, r := range list {
		out = append(out, r.say(ctx))
	}
	return strings.Join(out, "; ")
}

// Notice tells, on the page where a record is edited, that the same may be there already; nil when nothing is.
func (s *Service) Notice(ctx context.Context, r catalogue.Resource) (templ.Component, error) {
	list, err := s.Similar(ctx, s.DB, r)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return alikeNote(list), nil
}
