package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// Register lets an organisation register itself: it becomes "registered" with the capacities it asks for, and waits for
// the authority. The administrator is the person signed in, else the founder, who gets an account. A fault Invalid or
// Conflict names the fields to mend.
func (s *Service) Register(ctx context.Context, sub Subject, r Registration) (Organisation, error) {
	if err := s.policy.May(sub, "organisation.register"); err != nil {
		return Organisation{}, err
	}
	r.Facts, r.Founder.Login = r.Facts.clean(), NormalLogin(r.Founder.Login)
	r.Founder.Name, r.Founder.Phone = strings.TrimSpace(r.Founder.Name), strings.TrimSpace(r.Founder.Phone)
	if err := s.checkRegistration(ctx, sub, r); err != nil {
		return Organisation{}, err
	}
	now := db.At(s.clock.Now())
	o := r.Facts.apply(Organisation{
		ID: id.New(), Status: StatusRegistered, Sample: s.deps.Sample, Revision: 1, CreatedAt: now, UpdatedAt: now,
	})
	admin := person{ID: sub.Person}
	if !sub.SignedIn() {
		hash, err := s.hash(ctx, r.Founder.Password)
		if err != nil {
			return Organisation{}, err
		}
		admin = person{
			ID: id.New(), Login: r.Founder.Login, Name: r.Founder.Name, Phone: r.Founder.Phone, Password: hash,
			Active: true, Sample: s.deps.Sample, CreatedAt: now,
		}
	}
	member := Membership{ID: id.New(), Person: admin.ID, Organisation: o.ID, Role: RoleAdmin, CreatedAt: now}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if !sub.SignedIn() {
			if err := s.addPerson(ctx, tx, admin, "login"); err != nil {
				return err
			}
		}
		if err := s.addOrganisation(ctx, tx, o, r.Capacities); err != nil {
			return err
		}
		if err := insertMembership(ctx, tx, member); err != nil {
			return err
		}
		actor := audit.Actor{Person: admin.ID, Membership: member.ID, Org: o.ID, Cause: audit.ActorOf(ctx).Cause}
		return s.told(audit.WithActor(ctx, actor), tx, VerbRegister, "", o, Registered{Org: o.ID, Region: o.Region})
	})
	if err != nil {
		return Organisation{}, err
	}
	return o, nil
}

func (s *Service) checkRegistration(ctx context.Context, sub Subject, r Registration) error {
	tree, err := s.Tree(ctx, s.db)
	if err != nil {
		return err
	}
	bad := r.Facts.check(tree)
	if bad == nil {
		bad = fault.New(fault.Invalid, "registration-invalid", "有几项需要改一下，填好的内容都还在。")
	}
	if !sub.SignedIn() {
		r.Founder.check(bad)
	}
	if r.Parent != "" && (r.Parent != sub.Org || sub.Role != RoleAdmin) {
		bad.Field("parent", "parent-foreign", "只有上级单位的管理员可以注册它的下属单位，请先以该身份登录。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// addPerson writes a new person; a Conflict on the form's field when the login is taken.
func (s *Service) addPerson(ctx context.Context, tx *db.Tx, p person, field string) error {
	ok, err := insertPerson(ctx, tx, p)
	if err != nil {
		return err
	}
	if !ok {
		const text = "这个邮箱不能用来新建账号。如果已有账号，请先登录，再注册单位。"
		return fault.New(fault.Conflict, "login-taken", text).Field(field, "login-taken", text)
	}
	return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "person.create", Kind: "person", ID: p.ID})
}

// addOrganisation writes a new organisation and the capacities it asks for; a Conflict when one of its codes is taken.
func (s *Service) addOrganisation(ctx context.Context, tx *db.Tx, o Organisation, capacities []string) error {
	ok, err := insertOrganisation(ctx, tx, o)
	if err != nil {
		return err
	}
	if !ok {
		return s.taken(ctx, tx, o)
	}
	return s.askFor(ctx, tx, o.ID, capacities)
}

func (s *Service) askFor(ctx context.Context, tx *db.Tx, org string, capacities []string) error {
	for _, c := range capacities {
		if err := putCapacity(ctx, tx, Capacity{Organisation: org, Capacity: c, ValidFrom: s.today()}); err != nil {
			return err
		}
	}
	return nil
}

// taken says which code of o belongs to another organisation already.
func (s *Service) taken(ctx context.Context, q db.Q, o Organisation) error {
	other, err := organisationWithUSCC(ctx, q, o.USCC)
	switch {
	case err == nil && other.ID != o.ID:
		const text = "这个统一社会信用代码已由“{0}”注册。如果是贵单位，请联系贵单位的管理员把您加进去。"
		return fault.New(fault.Conflict, "uscc-taken", text, other.NameZH).Field("uscc", "uscc-taken", text, other.NameZH)
	case err != nil && !errors.Is(err, db.ErrNone):
		return fmt.Errorf("look for a code: %w", err)
	}
	const text = "这个 ROR 标识已属于平台上的另一个单位，请核对；确属贵单位的，请联系当地主管部门。"
	return fault.New(fault.Conflict, "ror-taken", text).Field("ror", "ror-taken", text)
}

// told writes what happened to o into the audit and into the outbox. What the audit digests has no personal value.
func (s *Service) told(ctx context.Context, tx *db.Tx, verb, from string, o Organisation, events ...outbox.Event) error {
	now := s.clock.Now()
	entry := audit.Entry{Action: "organisation." + verb, Kind: "organisation", ID: o.ID, From: from, To: o.Status, Data: o}
	if err := audit.Record(ctx, tx, now, entry); err != nil {
		return err
	}
	for _, e := range append(events, Changed{Org: o.ID}) {
		if err := outbox.Publish(ctx, tx, now, e); err != nil {
			return err
		}
	}
	return nil
}

// Resubmit mends a refused registration and hands it in again.
func (s *Service) Resubmit(ctx context.Context, sub Subject, org string, f Facts) (Organisation, error) {
	o, err := s.Organisation(ctx, s.db, org)
	if err != nil {
		return o, err
	}
	if err := s.policy.Can(sub, "organisation.resubmit", o.Object()); err != nil {
		return o, err
	}
	f = f.clean()
	f.Parent = o.Parent
	tree, err := s.Tree(ctx, s.db)
	if err != nil {
		return o, err
	}
	if bad := f.check(tree); bad != nil {
		return o, bad
	}
	return s.change(ctx, org, VerbResubmit, func(ctx context.Context, tx *db.Tx, o *Organisation) ([]outbox.Event, error) {
		*o = f.apply(*o)
		o.StatusReason = ""
		if err := s.freeCode(ctx, tx, *o); err != nil {
			return nil, err
		}
		if err := dropAsked(ctx, tx, o.ID); err != nil {
			return nil, err
		}
		return []outbox.Event{Registered{Org: o.ID, Region: o.Region, Again: true}}, s.askFor(ctx, tx, o.ID, f.Capacities)
	})
}

// freeCode is the Conflict of taken when another organisation has o's code or ROR.
func (s *Service) freeCode(ctx context.Context, q db.Q, o Organisation) error {
	n, err := codeHolders(ctx, q, o)
	if err != nil {
		return fmt.Errorf("look for a code: %w", err)
	}
	if n > 0 {
		return s.taken(ctx, q, o)
	}
	return nil
}
