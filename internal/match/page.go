package match

import (
	"context"
	"errors"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
)

// can tells whether the reader may do verb now.
func (v needView) can(verb string) bool {
	for _, st := range v.Moves {
		if st.Verb == verb {
			return true
		}
	}
	return false
}

// failed tells whether the form of a verb and candidate is the one that is shown again. The forms of answer and
// agreement choose the candidate themselves.
func (v needView) failed(verb, resource string) bool {
	return v.Verb == verb && (verb == VerbRespond || verb == VerbAgree || v.Form.Text("resource") == resource)
}

// form is the form of one verb and candidate: what was typed when it failed, else empty.
func (v needView) form(verb, resource string) *form.Form {
	if v.failed(verb, resource) {
		return v.Form
	}
	return form.Of(nil)
}

// field is the id of a field, different in each form of the page; ” is the usual one, to which the summary of
// errors leads.
func (v needView) field(verb, resource, name string) string {
	if v.failed(verb, resource) {
		return ""
	}
	return verb + "-" + name + resource
}

// in lists the candidates of a group.
func (v needView) in(group string) []Candidate {
	var out []Candidate
	for _, c := range v.Candidates {
		if c.Group == group {
			out = append(out, c)
		}
	}
	return out
}

// shownAtOnce is how many candidates of a group one sees without asking for more.
const shownAtOnce = 3

// first are the candidates of a group that one sees at once: the best as far as they fit, and all that
// something was decided on or said about; more are the others.
func (v needView) first(group string) (first, more []Candidate) {
	for _, c := range v.in(group) {
		if len(first) == 0 || len(first) < shownAtOnce && c.Covered >= fairFit || c.rank() < 2 {
			first = append(first, c)
		} else {
			more = append(more, c)
		}
	}
	return first, more
}

// accepted lists the candidates that the firm accepted.
func (v needView) accepted() []Candidate {
	var out []Candidate
	for _, c := range v.Candidates {
		if c.Proposal.State == Accepted {
			out = append(out, c)
		}
	}
	return out
}

func (v needView) action(verb string) string { return "/needs/" + v.Shown.Need.ID + "/" + verb }

// moments is the history for the timeline.
func (v needView) moments(ctx context.Context) []ui.Moment {
	out := []ui.Moment{{At: v.Shown.Need.CreatedAt.Time, Who: v.Shown.Firm, Title: t(ctx, "写下了需求")}}
	for _, st := range v.Steps {
		m := ui.Moment{At: st.At.Time, Who: v.Actors[st.Org], Title: stepName(ctx, st), Note: st.Note}
		if name := v.nameOf(st.Resource); name != "" {
			m.Title += " · " + name
		}
		out = append(out, m)
	}
	return out
}

func (v needView) nameOf(resource string) string {
	for _, c := range v.Candidates {
		if c.Supply.ID == resource {
			return c.Supply.Name()
		}
	}
	return ""
}

// stepper shows how far a need has come.
func (v needView) stepper(ctx context.Context) []ui.Step {
	order := States()
	reached := 0
	for i, st := range order {
		if st == v.Shown.Need.State {
			reached = i
		}
	}
	out := make([]ui.Step, len(order))
	for i, st := range order {
		out[i] = ui.Step{Label: stateName(ctx, st)}
		switch {
		case i < reached, i == reached && st == Closed:
			out[i].State = ui.StepDone
		case i == reached:
			out[i].State = ui.StepNow
		}
	}
	return out
}

func (v needView) actions(ctx context.Context) []ui.Link {
	if v.By.SignedIn() {
		return []ui.Link{{Label: t(ctx, "我的需求"), Href: "/desk/needs"}}
	}
	return nil
}

// offers are the reader's resources to answer with.
func (v needView) offers() []ui.Option {
	out := make([]ui.Option, len(v.Offers))
	for i, o := range v.Offers {
		out[i] = ui.Option{Value: o.ID, Label: o.Name()}
	}
	return out
}

// denied says why a reader cannot state a need.
func denied(ctx context.Context, err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return t(ctx, f.Text, f.Args...)
	}
	return ""
}

func (v listView) empty(ctx context.Context) ui.EmptyState {
	switch v.Request.Scope {
	case ScopeMine:
		return ui.EmptyState{Icon: "bulb", Title: t(ctx, "本单位还没有提过需求"), Text: t(ctx, "用自己的话写下要解决的问题，马上就能看到候选的仪器、服务和专家。"), Action: ui.Link{Label: t(ctx, "提需求"), Href: "/needs/new"}}
	case ScopeAddressed:
		return ui.EmptyState{Icon: "inbox", Title: t(ctx, "目前没有与贵单位资源有关的需求"), Text: t(ctx, "资源写得越具体，越容易被需求找到。"), Action: ui.Link{Label: t(ctx, "完善资源信息"), Href: "/desk/resources"}} //icons: inbox
	}
	return ui.EmptyState{Icon: "bulb", Title: t(ctx, "没有符合条件的需求"), Text: t(ctx, "换一个状态看看，或者提出您自己的需求。"), Action: ui.Link{Label: t(ctx, "提需求"), Href: "/needs/new"}}
}

// agreeOptions are the accepted candidates.
func (v needView) agreeOptions() []ui.Option {
	var out []ui.Option
	for _, c := range v.accepted() {
		out = append(out, ui.Option{Value: c.Supply.ID, Label: c.Supply.Name()})
	}
	return out
}
