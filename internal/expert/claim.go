package expert

import (
	"context"
	"strings"
	"unicode/utf8"

	"qiao/internal/catalogue"
	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
)

// KindExpert is the catalogue's kind of records this module is about.
const KindExpert = "expert"

// ClaimDraft is what a person says to show that a record is theirs.
type ClaimDraft struct{ ORCID, Institution, Reasons string }

func (d *ClaimDraft) check() error {
	bad := fault.New(fault.Invalid, "claim-invalid", "有些内容需要修改，请按提示更正后再提交。")
	d.ORCID = catalogue.Identifier{Scheme: "orcid", Value: d.ORCID}.Normal().Value
	d.Institution, d.Reasons = strings.TrimSpace(d.Institution), strings.TrimSpace(d.Reasons)
	if d.ORCID != "" && !identity.ValidORCID(d.ORCID) {
		bad.Field("orcid", "orcid", "“{0}”不是 ORCID 编号，校验位不符，例如 0000-0002-1825-0097。", d.ORCID)
	}
	long(bad, "institution", d.Institution, 2, 200)
	long(bad, "reasons", d.Reasons, 10, 1000)
	return orNil(bad)
}

// long asks for a text of at least and at most so many characters.
func long(bad *fault.Error, field, text string, least, most int) {
	switch n := utf8.RuneCountInString(text); {
	case n == 0 && least > 0:
		bad.Field(field, "required", "请填写这一项。")
	case n < least:
		bad.Field(field, "too-short", "请写得具体一些，至少 {0} 个字。", least)
	case n > most:
		bad.Field(field, "too-long", "太长了，最多 {0} 个字。", most)
	}
}

func orNil(bad *fault.Error) error {
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// record is a public record of an expert; a fault NotFound when it is none.
func (s *Service) record(ctx context.Context, q db.Q, resource string) (catalogue.Resource, error) {
	list, err := s.catalogue.Any(ctx, q, []string{resource})
	if err != nil {
		return catalogue.Resource{}, err
	}
	if len(list) == 0 || list[0].Kind != KindExpert || !list[0].Live() {
		return catalogue.Resource{}, fault.New(fault.NotFound, "expert-not-found", "没有找到这位专家的公开信息。")
	}
	return list[0], nil
}

func errClaimed() error {
	return fault.New(fault.Conflict, "already-claimed", "这份信息已由本人认领。如果您认为有误，请联系平台运营单位。")
}

// File says that a record is about the subject.
func (s *Service) File(ctx context.Context, by identity.Subject, resource string, d ClaimDraft) (Claim, error) {
	var c Claim
	if err := s.policy.Can(by, "expert.claim", identity.Object{}); err != nil {
		return c, err
	}
	if err := d.check(); err != nil {
		return c, err
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := s.record(ctx, tx, resource)
		if err != nil {
			return err
		}
		p, err := profileOf(ctx, tx, resource)
		if err != nil {
			return err
		}
		if p.Claimed() {
			return errClaimed()
		}
		now := db.At(s.clock.Now())
		c = Claim{ID: id.New(), Resource: r.ID, Person: by.Person, Owner: r.Owner, Region: r.Region, ORCID: d.ORCID, Institution: d.Institution, Reasons: d.Reasons,
			FiledOn: s.today(), CreatedAt: now}
		return s.claimMoved(ctx, tx, by, &c, "file", Filed, "")
	})
	if db.IsUnique(err) {
		err = fault.New(fault.Conflict, "claim-open", "您已经提交过认领申请，请等待核实。")
	}
	return c, err
}

// DoClaim carries out a verb of Claims.
func (s *Service) DoClaim(ctx context.Context, by identity.Subject, claim, verb, note string) (Claim, error) {
	var c Claim
	note = strings.TrimSpace(note)
	if !Claims.Has(verb) || verb == "file" {
		return c, fault.New(fault.NotFound, "no-such-verb", "没有“{0}”这个操作。", verb)
	}
	if verb == "refuse" {
		if err := reason(note); err != nil {
			return c, err
		}
	}
	err := s.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if c, err = getClaim(ctx, tx, claim); err != nil {
			return err
		}
		if err := s.mayMove(by, c, verb); err != nil {
			return err
		}
		step, err := Claims.Next(c.State, verb)
		if err != nil {
			return err
		}
		if verb == "verify" {
			if err := s.found(ctx, tx, c); err != nil {
				return err
			}
		}
		return s.claimMoved(ctx, tx, by, &c, verb, step.To, note)
	})
	return c, err
}

func reason(note string) error {
	bad := fault.New(fault.Invalid, "reason-needed", "请写明理由，对方会看到；至少 4 个字。")
	long(bad, "note", note, 4, 500)
	return orNil(bad)
}

// mayMove asks the permission table; nobody decides about their own claim.
func (s *Service) mayMove(by identity.Subject, c Claim, verb string) error {
	if verb == "withdraw" {
		if by.Person == "" || by.Person != c.Person {
			return fault.New(fault.NotFound, "claim-not-found", "没有找到这份认领申请。")
		}
		return s.policy.Can(by, "expert.claim", identity.Object{})
	}
	if err := s.policy.Can(by, "expert.verify", object(c.Owner, c.Region)); err != nil {
		return err
	}
	if by.Person == c.Person {
		return fault.New(fault.Forbidden, "own-claim", "不能核实自己的认领，请由其他工作人员办理。")
	}
	return nil
}

// found makes the profile of a verified claim. What the person has not agreed to is not public: the record shows what
// public sources say until they decide.
func (s *Service) found(ctx context.Context, tx *db.Tx, c Claim) error {
	r, err := s.record(ctx, tx, c.Resource)
	if err != nil {
		return err
	}
	p, err := profileOf(ctx, tx, c.Resource)
	if err != nil {
		return err
	}
	if p.Claimed() {
		return errClaimed()
	}
	now := db.At(s.clock.Now())
	return putProfile(ctx, tx, Profile{Resource: c.Resource, Person: c.Person, Owner: r.Owner, Region: r.Region, ORCID: c.ORCID, ClaimedOn: s.today(), Sample: r.Sample, Revision: 1, CreatedAt: now, UpdatedAt: now})
}

// claimMoved writes a move: state, step, event, audit.
func (s *Service) claimMoved(ctx context.Context, tx *db.Tx, by identity.Subject, c *Claim, verb, to, note string) error {
	now, from := db.At(s.clock.Now()), c.State
	c.State, c.Note, c.Revision, c.UpdatedAt = to, note, c.Revision+1, now
	if from == "" {
		if err := putClaim(ctx, tx, *c); err != nil {
			return err
		}
	} else if ok, err := moveClaim(ctx, tx, *c); err != nil || !ok {
		return changed(err)
	}
	if err := insertStep(ctx, tx, c.ID, now, by, verb, from, to, note); err != nil {
		return err
	}
	if err := outbox.Publish(ctx, tx, now.Time, ClaimMoved{c.ID, c.Resource, c.Person, c.Owner, c.Region, verb}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now.Time, audit.Entry{Action: "expert." + verb, Kind: "expert-claim", ID: c.ID, From: from, To: to, Data: c})
}

// changed tells that a rival was faster, unless something else went wrong.
func changed(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "changed-meanwhile", "有人刚刚改过它，请刷新页面，看过之后再办。")
}

// ClaimOf is a claim for its person, or for who may inspect it.
func (s *Service) ClaimOf(ctx context.Context, by identity.Subject, claim string) (Claim, error) {
	c, err := getClaim(ctx, s.db, claim)
	if err != nil || by.Person != "" && by.Person == c.Person {
		return c, err
	}
	return c, s.policy.Can(by, "expert.inspect", object(c.Owner, c.Region))
}
