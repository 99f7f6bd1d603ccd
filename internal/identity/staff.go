package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Member is a person of an organisation as its administrator sees one.
type Member struct {
	ID     string `db:"id"` // of the membership
	Person string `db:"person"`
	Name   string `db:"name"`
	Email  string `db:"email"`
	Role   string `db:"role"`
}

// NewMember is somebody an administrator lets into the organisation.
type NewMember struct {
	Login    string
	Name     string // when the login is new
	Password string // when the login is new: the first one, which the person changes
	Role     string
}

// Members are the people of an organisation today, the oldest first.
func (s *Service) Members(ctx context.Context, q db.Q, org string) ([]Member, error) {
	m, err := membersOf(ctx, q, org, s.today())
	if err != nil {
		return nil, fmt.Errorf("read the members of %s: %w", org, err)
	}
	return m, nil
}

// Acting is a member as it acts for its organisation: for what a module does in its name, and answers for.
func (s *Service) Acting(ctx context.Context, q db.Q, m Member) (Subject, error) {
	return s.subject(ctx, q, m.Person, m.ID)
}

// AddMember lets a person into the subject's organisation: with a new account, or with the one the login has.
func (s *Service) AddMember(ctx context.Context, sub Subject, n NewMember) error {
	o, err := s.ownStaff(ctx, sub)
	if err != nil {
		return err
	}
	n.Login, n.Name = NormalLogin(n.Login), strings.TrimSpace(n.Name)
	p, err := accountByLogin(ctx, s.db, n.Login)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return fmt.Errorf("read the account: %w", err)
	}
	if bad := n.check(p.ID == ""); len(bad.Fields) > 0 {
		return bad
	}
	now := db.At(s.clock.Now())
	fresh := person{ID: p.ID, Login: n.Login, Name: n.Name, Active: true, Sample: o.Sample, CreatedAt: now}
	if p.ID == "" {
		fresh.ID = id.New()
		if fresh.Password, err = s.hash(ctx, n.Password); err != nil {
			return err
		}
	}
	m := Membership{ID: id.New(), Person: fresh.ID, Organisation: o.ID, Role: n.Role, CreatedAt: now}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p.ID == "" {
			if err := s.addPerson(ctx, tx, fresh, "member_login"); err != nil {
				return err
			}
		}
		if err := openMembership(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "organisation.staff", Kind: "person", ID: fresh.ID, To: n.Role})
	})
}

func (n NewMember) check(fresh bool) *fault.Error {
	bad := fault.New(fault.Invalid, "member-invalid", "有几项需要改一下。")
	if !ValidLogin(n.Login) {
		bad.Field("member_login", "login-shape", "请填写一个邮箱地址，用来登录和收通知。")
	}
	if !slices.Contains(Roles(), n.Role) {
		bad.Field("role", "role-unknown", "请选择角色。")
	}
	if !fresh {
		return bad
	}
	f := fault.New(fault.Invalid, "", "")
	checkPersonName(f, n.Name)
	if err := GoodPassword(n.Password, n.Login); err != nil {
		f.Fields = append(f.Fields, fault.Of(err).Fields...)
	}
	for _, wrong := range f.Fields {
		bad.Field("member_"+wrong.Name, wrong.Code, wrong.Text, wrong.Args...)
	}
	return bad
}

// EndMember ends a membership of the subject's organisation at once; not the last administrator's.
func (s *Service) EndMember(ctx context.Context, sub Subject, membership string) error {
	o, err := s.ownStaff(ctx, sub)
	if err != nil {
		return err
	}
	yesterday, err := clock.AddDays(s.today(), -1)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := lockOrganisation(ctx, tx, o.ID); err != nil {
			return err
		}
		members, err := s.Members(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(members, func(m Member) bool { return m.ID == membership })
		if i < 0 {
			return fault.New(fault.NotFound, "membership-not-found", "本单位没有这个人员，或已经移出。")
		}
		admins := slices.DeleteFunc(slices.Clone(members), func(m Member) bool { return m.Role != RoleAdmin })
		if len(admins) == 1 && admins[0].ID == membership {
			return fault.New(fault.Conflict, "last-admin", "单位至少要有一位管理员，请先增加另一位。")
		}
		if err := closeMembership(ctx, tx, membership, yesterday); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "organisation.staff", Kind: "person", ID: members[i].Person, From: members[i].Role})
	})
}

// ownStaff is the subject's organisation when the subject may change who belongs to it.
func (s *Service) ownStaff(ctx context.Context, sub Subject) (Organisation, error) {
	o, err := s.Organisation(ctx, s.db, sub.Org)
	if err != nil {
		return o, err
	}
	if err := s.policy.Can(sub, "organisation.staff", o.Object()); err != nil {
		return o, err
	}
	if o.Status != StatusVerified {
		return o, fault.New(fault.Conflict, "not-verified", "贵单位的注册还在核验，通过后即可办理。")
	}
	return o, nil
}
