package roster

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Create makes a new, empty list of the subject's organisation and region.
func (s *Service) Create(ctx context.Context, by identity.Subject, l List) (List, error) {
	now := db.At(s.clock.Now())
	l.ID, l.Owner, l.Revision, l.Sample, l.CreatedAt, l.UpdatedAt = id.New(), by.Org, 1, s.sample, now, now
	if l.Region == "" {
		l.Region = by.Region
	}
	l.Code, l.NameZH, l.NameEN = strings.TrimSpace(l.Code), strings.TrimSpace(l.NameZH), strings.TrimSpace(l.NameEN)
	if err := s.policy.Can(by, "roster.manage", l.object()); err != nil {
		return l, err
	}
	if bad := l.check(); bad != nil {
		return l, bad
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insertList(ctx, tx, l); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "roster.create", Kind: "roster", ID: l.ID, Data: l})
	})
	return l, err
}

func (l List) check() error {
	f := fault.New(fault.Invalid, "roster-invalid", "名单还不能保存，请按提示修改。")
	if !codeShape.MatchString(l.Code) || len(l.Code) > 40 {
		f.Field("code", "shape", "代码由小写字母、数字和短横线组成，如 tech-sme。")
	}
	if n := utf8.RuneCountInString(l.NameZH); n == 0 || n > 100 {
		f.Field("name_zh", "length", "请写名称，100 字以内。")
	}
	if l.Kind != Credential && l.Kind != Ban {
		f.Field("kind", "choice", "请选择名单的用途。")
	}
	if utf8.RuneCountInString(l.Source) > 300 || utf8.RuneCountInString(l.Issuer) > 100 {
		f.Field("source", "too-long", "太长了，最多 {0} 个字。", 300)
	}
	for _, r := range l.Rules {
		if !ValidValidity(r.Validity) {
			f.Field("validity", "shape", "有效期写法不对：none、months:36、year-end:0 或 day:1-03-31。")
		}
		if r.Source == "" {
			f.Field("validity_source", "required", "请写明有效期的依据。")
		}
	}
	if len(f.Fields) > 0 {
		return f
	}
	return nil
}
