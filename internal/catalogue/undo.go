package catalogue

import (
	"context"
	"slices"
	"strings"

	"qiao/internal/catalogue/kinds"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Undo takes back what one revision changed, as a new revision: all of it, or only the parts named. What has changed again
// since cannot be taken back: the fault undo-conflict names those parts, and the others can still be named.
func (s *Service) Undo(ctx context.Context, sub identity.Subject, resource string, revision int64, parts []string) (Resource, error) {
	var after Resource
	err := s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, k, err := s.load(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.edit", object(before)); err != nil {
			return err
		}
		old, err := getRevision(ctx, tx, resource, revision)
		if isNone(err) {
			return fault.New(fault.NotFound, "no-such-revision", "没有第 {0} 版。", revision)
		}
		if err != nil {
			return err
		}
		u := undoing{before: before, after: before.clone(), kind: k}
		if u.hours, err = listHours(ctx, tx, resource); err != nil {
			return err
		}
		if err := u.plan(old, parts); err != nil {
			return err
		}
		if u.later != nil {
			return u.conflict(ctx, s)
		}
		if err := s.writeUndone(ctx, tx, sub, &u, old.cause()); err != nil {
			return err
		}
		after = u.after
		return nil
	})
	return after, err
}

// writeUndone stores what an undoing made of a record.
func (s *Service) writeUndone(ctx context.Context, tx *db.Tx, sub identity.Subject, u *undoing, cause string) error {
	var more []Change
	if u.weekly != nil {
		more = append(more, Change{"hours", orEmpty(u.hours), *u.weekly})
		if err := replaceHours(ctx, tx, u.before.ID, *u.weekly); err != nil {
			return err
		}
	}
	return s.write(ctx, tx, sub, u.before, &u.after, u.kind, "undo", cause, more...)
}

// cause is how a revision that takes v back names it.
func (v Revision) cause() string { return "undo:" + itoa(v.Revision) }

// undoing is one revision on its way back.
type undoing struct {
	before, after Resource
	kind          kinds.Kind
	hours         []Opening  // the record's own, now
	weekly        *[]Opening // what they become
	done, later   []string   // parts taken back; parts changed again since
}

// plan takes back what can be; the parts that changed again are in later.
func (u *undoing) plan(old Revision, parts []string) error {
	changes, err := old.List()
	if err != nil {
		return err
	}
	if old.Revision == 1 || old.Verb == "create" {
		return fault.New(fault.Invalid, "undo-first", "第一版是登记本身，不能撤销；不再提供时请撤下这项资源。")
	}
	if old.elsewhere() {
		return fault.New(fault.Invalid, "undo-not-possible", "移交和合并不能在这里撤销。")
	}
	if p := unreturnable(changes); p != "" {
		return fault.New(fault.Invalid, "undo-not-possible", p)
	}
	for _, c := range changes {
		if len(parts) > 0 && !slices.Contains(parts, c.Field) {
			continue
		}
		if err := u.take(c); err != nil {
			return err
		}
	}
	if len(u.done)+len(u.later) == 0 {
		return fault.New(fault.Invalid, "nothing-to-undo", "这一版没有可以撤销的内容。")
	}
	return nil
}

// elsewhere tells whether a revision is part of something larger, which has its own way back.
func (v Revision) elsewhere() bool {
	return v.Verb == "merge" || v.Verb == "unmerge" || v.Verb == "hand-over"
}

// unreturnable says why some changes are never taken back.
func unreturnable(changes []Change) string {
	for _, c := range changes {
		switch {
		case c.Field == "owner":
			return "移交和合并不能在这里撤销。"
		case c.Field == "files":
			return "照片和文件的增减不能在这里撤销，请重新上传或删除。"
		case c.Field == "status" && (c.From == StatusDraft || c.From == StatusReview || c.To == StatusReview):
			return "发布和审核不能撤销；不再提供时可以暂停服务或撤下。"
		}
	}
	return ""
}

func (u *undoing) take(c Change) error {
	if c.Field == "hours" {
		var had, were []Opening
		if err := again(c.To, &had); err != nil {
			return err
		}
		if err := again(c.From, &were); err != nil {
			return err
		}
		if !sameHours(had, u.hours) {
			u.later = append(u.later, c.Field)
			return nil
		}
		were = orEmpty(were)
		u.weekly = &were
		u.done = append(u.done, c.Field)
		return nil
	}
	now, ok := u.after.part(c.Field, u.kind) // a later revision may have been taken back already
	if !ok {
		return nil // a part that is no longer kept
	}
	if !alike(now, c.To) {
		if c.Field != "checked_on" && c.Field != "note" { // a later check holds, whatever is taken back
			u.later = append(u.later, c.Field)
		}
		return nil
	}
	u.done = append(u.done, c.Field)
	return u.after.setPart(c.Field, c.From, u.kind)
}

// conflict tells which parts have changed again, and which can still be taken back.
func (u *undoing) conflict(ctx context.Context, s *Service) error {
	name := func(parts []string) string {
		out := make([]string, len(parts))
		for i, p := range parts {
			out[i] = s.partName(ctx, u.kind, p)
		}
		return joinWords(ctx, out)
	}
	e := fault.New(fault.Conflict, "undo-conflict", "之后又改过：{0}。要改回去，请直接编辑。", name(u.later))
	if rest := slices.DeleteFunc(slices.Clone(u.done), func(p string) bool { return p == "checked_on" }); len(rest) > 0 {
		e = fault.New(fault.Conflict, "undo-conflict", "之后又改过：{0}，不能整版撤销。可以只撤销其余的：{1}。", name(u.later), name(rest))
		e.Field("parts", "rest", strings.Join(rest, ","))
	}
	for _, p := range u.later {
		e.Field(p, "changed-later", "这一项之后又改过。")
	}
	return e
}
