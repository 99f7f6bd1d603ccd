package catalogue

import (
	"context"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/state"
)

// Do moves a resource to another state: a verb of Table that is its owner's. note tells readers why (suspend and withdraw).
// Where the region asks for a second person, publishing submits.
func (s *Service) Do(ctx context.Context, sub identity.Subject, resource, verb, note string) (Resource, error) {
	if err := s.unmerged(ctx, s.DB, resource); err != nil {
		return Resource{}, err
	}
	return s.change(ctx, sub, resource, &verb, func(r *Resource, k kinds.Kind) error {
		verb = s.really(*r, verb)
		return s.move(r, k, verb, "owner", note)
	})
}

// Check says that a record is true today.
func (s *Service) Check(ctx context.Context, sub identity.Subject, resource string) (Resource, error) {
	return s.Do(ctx, sub, resource, "check", "")
}

// really is the verb that publish and submit stand for in the region of r.
func (s *Service) really(r Resource, verb string) string {
	if r.Status != StatusDraft || verb != "publish" && verb != "submit" {
		return verb
	}
	if s.term(r.Region, s.today()).Review {
		return "submit"
	}
	return "publish"
}

// moves are the verbs that the owner of r can take now.
func (s *Service) moves(r Resource) []string {
	var out []string
	for _, step := range Table.Verbs(r.Status, "owner") {
		if s.really(r, step.Verb) == step.Verb {
			out = append(out, step.Verb)
		}
	}
	return out
}

// move takes one step of Table in the name of a side.
func (s *Service) move(r *Resource, k kinds.Kind, verb, side, note string) error {
	step, err := Table.Next(r.Status, verb)
	if err != nil {
		return err
	}
	if !allows(step, side) {
		return fault.New(fault.Forbidden, "second-person", "这一步由本单位的另一位人员或平台运营单位办理。")
	}
	note = strings.TrimSpace(note)
	switch verb {
	case "suspend", "return":
		if note == "" {
			return fault.New(fault.Invalid, "reason-needed", "请写明原因，对方会看到。").Field("note", "required", "请填写这一项。")
		}
	case "publish", "submit", "approve":
		if err := complete(*r, k); err != nil {
			return err
		}
	case "check":
		r.CheckedOn = s.today()
		return nil // the note of a suspension stays
	}
	r.Status, r.Note = step.To, note
	return nil
}

func allows(step state.Step, side string) bool {
	for _, who := range step.Who {
		if who == side {
			return true
		}
	}
	return false
}

// complete refuses a record that lacks what is needed before it is published.
func complete(r Resource, k kinds.Kind) error {
	bad := fault.New(fault.Invalid, "resource-incomplete", "发布之前还缺少必要的内容，请补充后再发布。")
	for _, f := range k.Missing(func(f kinds.Field) bool { return !f.Publish || r.value(f) != nil }) {
		if f.Name != "name_zh" || r.NameEN == "" {
			bad.Field(f.Name, "required", "请填写这一项。")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// Review is the second person's word on a submitted record: "approve" publishes it, "return" gives it back with a note. Who
// submitted it is never the one who reviews it.
func (s *Service) Review(ctx context.Context, sub identity.Subject, resource, decision, note string) (Resource, error) {
	var after Resource
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, k, err := s.load(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.review", object(before)); err != nil {
			return err
		}
		last, err := lastDone(ctx, tx, resource, "submit")
		if err != nil {
			return err
		}
		if last == sub.Person && before.Status == StatusReview {
			return fault.New(fault.Forbidden, "second-person", "提交的人不能自己审核，请由本单位的另一位人员或平台运营单位办理。")
		}
		after = before.clone()
		if err := s.move(&after, k, decision, "reviewer", note); err != nil {
			return err
		}
		if err := s.write(ctx, tx, sub, before, &after, k, decision, ""); err != nil {
			return err
		}
		return outbox.Publish(ctx, tx, after.UpdatedAt.Time, Reviewed{ID: after.ID, Owner: after.Owner, Name: after.Name(), Approved: after.Status == StatusPublished})
	})
	return after, err
}
