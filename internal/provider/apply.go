package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// maxDocument is the size of an uploaded document.
const maxDocument = 20 << 20

// lettersMembership begin the number of an application: 加盟.
const lettersMembership = "JM"

// Application is what an applicant says, page by page.
type Application struct {
	Form, About, Contact, Phone, Email string
	Offers                             []string
	Offer                              string
	Stated                             bool
}

// Mine is the newest membership of the subject's organisation; the zero one when it never began one.
func (s *Service) Mine(ctx context.Context, by identity.Subject) (Membership, error) {
	if err := s.policy.Can(by, "provider.own", object(by.Org, by.Region)); err != nil {
		return Membership{}, err
	}
	m, err := newestOf(ctx, s.db, by.Org)
	if errors.Is(err, db.ErrNone) {
		return Membership{}, nil
	}
	return m, err
}

// Open tells whether the membership is over, so that a new one may begin.
func (m Membership) over() bool {
	return m.ID == "" || m.State == Refused || m.State == Withdrawn || m.State == Exited
}

// draft is the application that the subject is writing; the first page begins one.
func (s *Service) draft(ctx context.Context, tx *db.Tx, by identity.Subject) (Membership, error) {
	m, err := newestOf(ctx, tx, by.Org)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return m, fmt.Errorf("read the membership of %s: %w", by.Org, err)
	}
	if err != nil || m.over() {
		o, err := s.orgs.Organisation(ctx, tx, by.Org)
		if err != nil {
			return m, err
		}
		now := db.At(s.clock.Now())
		m = Membership{ID: id.New(), Org: o.ID, Region: o.Region, State: Draft, Sample: s.sample || o.Sample, CreatedAt: now, UpdatedAt: now}
		if err := putMembership(ctx, tx, m); err != nil {
			return m, err
		}
		return m, insertStep(ctx, tx, m.ID, now, by, "start", "", Draft, "")
	}
	if m.State != Draft && m.State != Returned {
		return m, fault.New(fault.Conflict, "application-sent", "加盟申请已经提交，现在不能修改。")
	}
	return m, nil
}

// SavePage keeps one page of the application; what is incomplete is kept, too, and told when it is submitted.
func (s *Service) SavePage(ctx context.Context, by identity.Subject, change func(*Application)) (Membership, error) {
	var m Membership
	if err := s.policy.Can(by, "provider.apply", object(by.Org, by.Region)); err != nil {
		return m, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if m, err = s.draft(ctx, tx, by); err != nil {
			return err
		}
		a := m.application()
		change(&a)
		if bad := a.tooLong(); bad != nil {
			return bad
		}
		m.Form, m.About, m.Contact, m.Phone, m.Email = a.Form, strings.TrimSpace(a.About), strings.TrimSpace(a.Contact), strings.TrimSpace(a.Phone), strings.TrimSpace(a.Email)
		slices.Sort(a.Offers)
		m.Offers, m.Offer, m.Stated = strings.Join(slices.Compact(a.Offers), " "), strings.TrimSpace(a.Offer), a.Stated
		m.Revision, m.UpdatedAt = m.Revision+1, db.At(s.clock.Now())
		if err := putMembership(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "provider.apply", Kind: "membership", ID: m.ID, From: m.State, To: m.State, Data: m})
	})
	return m, err
}

func (m Membership) application() Application {
	return Application{m.Form, m.About, m.Contact, m.Phone, m.Email, m.offers(), m.Offer, m.Stated}
}

func (a Application) tooLong() error {
	f := fault.New(fault.Invalid, "application-invalid", "申请还不能保存，请按提示修改。")
	for _, x := range []struct {
		name, text string
		most       int
	}{{"about", a.About, 2000}, {"contact", a.Contact, 40}, {"phone", a.Phone, 40}, {"email", a.Email, 100}, {"offer", a.Offer, 4000}} {
		if utf8.RuneCountInString(x.text) > x.most {
			f.Field(x.name, "too-long", "太长了，最多 {0} 个字。", x.most)
		}
	}
	if a.Email != "" && (!strings.Contains(a.Email, "@") || strings.ContainsAny(a.Email, " \t\n")) {
		f.Field("email", "shape", "邮箱地址不对。")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}

// Attach adds a document to the application that is being written.
func (s *Service) Attach(ctx context.Context, by identity.Subject, code, name string, r io.Reader) (Document, error) {
	var d Document
	if err := s.policy.Can(by, "provider.apply", object(by.Org, by.Region)); err != nil {
		return d, err
	}
	if _, known := find(s.rules.Documents, code); !known {
		return d, fault.New(fault.Invalid, "document-unknown", "没有这类材料。").Field("code", "choice", "没有这类材料。")
	}
	ref, err := s.files.Put(ctx, r, maxDocument)
	if err != nil {
		return d, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.draft(ctx, tx, by)
		if err != nil {
			return err
		}
		d = Document{ID: id.New(), Membership: m.ID, Code: code, Name: name, SHA256: ref.SHA256, Size: ref.Size, Person: by.Person, At: db.At(s.clock.Now())}
		if err := insertDocument(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "provider.attach", Kind: "membership", ID: m.ID, Data: d})
	})
	return d, err
}

// Detach takes a document off the application that is being written.
func (s *Service) Detach(ctx context.Context, by identity.Subject, document string) error {
	if err := s.policy.Can(by, "provider.apply", object(by.Org, by.Region)); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := s.draft(ctx, tx, by)
		if err != nil {
			return err
		}
		if err := deleteDocument(ctx, tx, m.ID, document); err != nil {
			return err
		}
		return audit.Record(ctx, tx, s.clock.Now(), audit.Entry{Action: "provider.detach", Kind: "membership", ID: m.ID, Data: document})
	})
}

// missing is what an application still needs before it can be submitted, each at its field.
func (s *Service) missing(m Membership) error {
	f := fault.New(fault.Invalid, "application-incomplete", "申请还不完整，请补齐后提交。")
	if m.Form != "institution" && m.Form != "firm" {
		f.Field("form", "required", "请选择是机构还是企业。")
	}
	for _, x := range []struct{ name, value, text string }{
		{"about", m.About, "请介绍贵单位。"}, {"contact", m.Contact, "请写联系人。"}, {"phone", m.Phone, "请写联系电话。"}, {"offers", m.Offers, "请选择提供哪些服务。"}, {"offer", m.Offer, "请写明能做什么。"},
	} {
		if x.value == "" {
			f.Field(x.name, "required", x.text)
		}
	}
	for _, d := range s.rules.Documents {
		if !d.Optional && !slices.ContainsFunc(m.Documents, func(x Document) bool { return x.Code == d.Code }) {
			f.Field("document-"+d.Code, "required", "请上传：{0}", d.Name.ZH)
		}
	}
	if !m.Stated {
		f.Field("stated", "required", "请承诺所填内容真实。")
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}
