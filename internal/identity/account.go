package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// Profile is what a person may change about itself.
type Profile struct {
	Login    string // shown, not changed here
	Name     string
	Phone    string // may be empty
	ORCID    string // may be empty
	Language string // "", "zh-CN", "en"
}

// Account is everything of the account page.
type Account struct {
	Profile     Profile
	Memberships []Membership
	Sessions    []Session
	Tokens      []Token
}

// Account reads the account of the subject.
func (s *Service) Account(ctx context.Context, sub Subject) (Account, error) {
	var a Account
	p, err := getPerson(ctx, s.db, sub.Person)
	if err != nil {
		return a, fmt.Errorf("read person %s: %w", sub.Person, err)
	}
	a.Profile = Profile{Login: p.Login, Name: p.Name, Phone: p.Phone, ORCID: p.ORCID, Language: p.Language}
	if a.Memberships, err = s.Memberships(ctx, s.db, sub.Person); err != nil {
		return a, err
	}
	if a.Sessions, err = sessionsOf(ctx, s.db, sub.Person, db.At(s.clock.Now())); err != nil {
		return a, fmt.Errorf("read the sessions of %s: %w", sub.Person, err)
	}
	if a.Tokens, err = tokensOf(ctx, s.db, sub.Person); err != nil {
		return a, fmt.Errorf("read the tokens of %s: %w", sub.Person, err)
	}
	return a, nil
}

// Memberships are what the person can act as today, the oldest first.
func (s *Service) Memberships(ctx context.Context, q db.Q, person string) ([]Membership, error) {
	m, err := membershipsOf(ctx, q, person, s.today())
	if err != nil {
		return nil, fmt.Errorf("read the memberships of %s: %w", person, err)
	}
	return m, nil
}

// ActAs lets the subject's session act as another of the person's memberships from now on.
func (s *Service) ActAs(ctx context.Context, sub Subject, membership string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := membershipOf(ctx, tx, sub.Person, s.today(), membership)
		if errors.Is(err, db.ErrNone) {
			return fault.New(fault.NotFound, "membership-not-found", "您没有这个身份，或它已经结束。")
		}
		if err != nil {
			return fmt.Errorf("read membership %s: %w", membership, err)
		}
		if err := switchSession(ctx, tx, sub.Session, membership); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "session.act-as", Kind: "membership", ID: membership})
	})
}

// SaveProfile changes name, telephone, ORCID iD and language.
func (s *Service) SaveProfile(ctx context.Context, sub Subject, p Profile) error {
	p.Name, p.Phone, p.ORCID = strings.TrimSpace(p.Name), strings.TrimSpace(p.Phone), strings.ToUpper(strings.TrimSpace(p.ORCID))
	p.ORCID = strings.TrimPrefix(p.ORCID, "HTTPS://ORCID.ORG/")
	bad := fault.New(fault.Invalid, "profile-invalid", "有几项需要改一下。")
	checkPersonName(bad, p.Name)
	checkPhone(bad, p.Phone)
	if p.ORCID != "" && !ValidORCID(p.ORCID) {
		bad.Field("orcid", "orcid-check", "ORCID 应像 0000-0002-1825-0097，末位是校验位，请核对。")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		taken, err := orcidTaken(ctx, tx, p.ORCID, sub.Person)
		if err != nil {
			return fmt.Errorf("look for an ORCID iD: %w", err)
		}
		if taken {
			return bad.Field("orcid", "orcid-taken", "这个 ORCID 已属于另一个账号，请核对。")
		}
		if err := updateProfile(ctx, tx, person{ID: sub.Person, Name: p.Name, Phone: p.Phone, ORCID: p.ORCID, Language: p.Language}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "person.edit", Kind: "person", ID: sub.Person})
	})
}

// ChangePassword sets a new password when the old one is right, and ends every other session of the person.
func (s *Service) ChangePassword(ctx context.Context, sub Subject, old, fresh string) error {
	a, err := accountByID(ctx, s.db, sub.Person)
	if err != nil {
		return fmt.Errorf("read the account of %s: %w", sub.Person, err)
	}
	if err := s.countAttempt(ctx, Credentials{Login: a.Login, Address: "account"}); err != nil {
		return err
	}
	right, err := s.passwordFits(ctx, a, old)
	if err != nil {
		return err
	}
	if !right {
		return fault.New(fault.Invalid, "password-wrong", "当前密码不对。").Field("old", "password-wrong", "当前密码不对。")
	}
	if err := GoodPassword(fresh, a.Login); err != nil {
		return err
	}
	hash, err := s.hash(ctx, fresh)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := forgetAttempts(ctx, tx, loginKey(a.Login)); err != nil {
			return err
		}
		if err := updatePassword(ctx, tx, a.ID, hash); err != nil {
			return err
		}
		if _, err := deleteOtherSessions(ctx, tx, a.ID, sub.Session); err != nil {
			return fmt.Errorf("end the other sessions of %s: %w", a.ID, err)
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "person.password", Kind: "person", ID: a.ID})
	})
}

// EndSession ends one session of the person.
func (s *Service) EndSession(ctx context.Context, sub Subject, session string) error {
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := deleteSession(ctx, tx, sub.Person, session)
		if err != nil {
			return fmt.Errorf("end session %s: %w", session, err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "session-not-found", "这次登录已经结束。")
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "session.end", Kind: "session", ID: session})
	})
}

func checkPersonName(bad *fault.Error, name string) {
	if n := utf8.RuneCountInString(name); n == 0 || n > 60 {
		bad.Field("name", "name-length", "请填写姓名，最多 {0} 个字。", 60)
	}
}

func checkPhone(bad *fault.Error, phone string) {
	digits := strings.Trim(phone, "+0123456789- ()") == ""
	if phone != "" && (!digits || len(phone) < 7 || len(phone) > 24) {
		bad.Field("phone", "phone-shape", "电话号码只含数字，可带区号和加号，例如 0573-82011234。")
	}
}
