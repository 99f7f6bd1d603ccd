package match

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// CreateRequest is what a firm states.
type CreateRequest struct {
	Text         string
	Region       string // six digits; '' = the firm's own
	Confidential bool
	Publish      bool   // publish at once
	Key          string // the request's own key: the same key has one effect
}

// Create keeps a need as a draft of the firm acted for, and publishes it when asked to. Candidates can be
// looked at either way.
func (s *Service) Create(ctx context.Context, by identity.Subject, r CreateRequest) (Need, error) {
	if err := s.Policy.Can(by, "need.create", object(Need{Org: by.Org, Region: by.Region})); err != nil {
		return Need{}, err
	}
	n, err := s.newNeed(ctx, by, r)
	if err != nil {
		return n, err
	}
	m := &move{by: by, verb: VerbPublish, req: VerbRequest{Key: r.Key}, need: n, now: n.CreatedAt, day: n.CreatedOn}
	if r.Publish {
		if err := s.prepare(ctx, m); err != nil {
			return n, err
		}
	}
	again := false
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := insertNeed(ctx, tx, n)
		if again = !fresh; err != nil || again {
			return err
		}
		if err := audit.Record(ctx, tx, n.CreatedAt.Time, audit.Entry{Action: "need.create", Kind: "need", ID: n.ID, To: n.State, Data: n}); err != nil {
			return err
		}
		if r.Publish {
			return s.step(ctx, tx, m)
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	had, err := getNeed(ctx, s.DB, n.ID)
	if err == nil && again && had.Digest != n.Digest {
		err = keyConflict()
	}
	return had, err
}

func (s *Service) newNeed(ctx context.Context, by identity.Subject, r CreateRequest) (Need, error) {
	text := strings.TrimSpace(r.Text)
	problem := checkText(text)
	if r.Region == "" {
		r.Region = by.Region
	}
	places, err := s.Regions.Places(ctx, s.DB)
	if err != nil {
		return Need{}, err
	}
	if !slices.ContainsFunc(places, func(p Place) bool { return p.Code == r.Region }) {
		if problem == nil {
			problem = fault.New(fault.Invalid, "need-region", "请检查需求所在地区。")
		}
		problem.Field("region", "unknown-region", "没有代码为“{0}”的地区，请从列表中选择。", r.Region)
	}
	if problem != nil {
		return Need{}, problem
	}
	digest, err := digestOf(text, r.Region, r.Confidential, r.Publish)
	if err != nil {
		return Need{}, err
	}
	now := db.At(s.Clock.Now())
	n := Need{
		ID: id.New(), Org: by.Org, Person: by.Person, Region: r.Region, Text: text, Confidential: r.Confidential, State: Draft,
		Revision: 1, CreatedOn: s.today(), Sample: by.Sample, Digest: digest, CreatedAt: now, UpdatedAt: now,
	}
	if r.Key != "" {
		n.ID = id.From("match.need", by.Person, r.Key)
	}
	return n, nil
}

// digestOf marks what a request asks for, so that one key cannot stand for two requests.
func digestOf(parts ...any) (string, error) {
	b, err := json.Marshal(parts)
	if err != nil {
		return "", fmt.Errorf("digest a request: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

func keyConflict() error {
	return fault.New(fault.Conflict, "key-conflict", "这个请求编号已用于另一项内容，请刷新页面后重新提交。")
}

// object is a need as the permission table sees it.
func object(n Need) identity.Object {
	return identity.Object{Parties: map[string]string{Firm: n.Org}, Region: n.Region}
}

// errRepeat ends a transaction whose request has had its effect before.
var errRepeat = errors.New("match: this request has been done before")
