package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
)

// maxKey bounds an Idempotency-Key; maxStored the answer that is kept for repeating.
const (
	maxKey    = 200
	maxStored = 1 << 20
)

type requestKey struct{}

// RequestKey is the caller's idempotency key: the header of an API call, the hidden field of a page's
// form; "" when there is none. Ids made from it (id.From(person, key, …)) are the same when the request comes again.
func RequestKey(ctx context.Context) string {
	k, _ := ctx.Value(requestKey{}).(string)
	return k
}

// stored is a request that has had its effect.
type stored struct {
	Digest string `db:"digest"`
	Status int    `db:"status"`
	Header string `db:"header"`
	Body   string `db:"body"`
}

var errRepeated = errors.New("web: this request has had its effect already")

// once lets one key have one effect. The key's row is written in the first transaction that the
// handler commits, so effect and row are durable together; the answer is stored after it and
// repeated byte for byte when the request comes again.
func (s *Server) once(w http.ResponseWriter, r *http.Request, route Route) error {
	given, page, err := keyOf(r)
	if err != nil {
		return err
	}
	digest, known, err := digestOf(r, given)
	if err != nil {
		return err
	}
	if given == "" || !known {
		return route.Handle(w, r)
	}
	if page { // all forms of a page carry one id, and people go back and choose again: another content is another request
		given = hash(given, digest)
	}
	ctx := r.Context()
	key := hash(s.o.Access.SignedIn(ctx), given)
	if done, err := s.replay(ctx, w, key, digest); done || err != nil {
		return err
	}
	applied := false
	ctx = context.WithValue(ctx, requestKey{}, given)
	ctx = db.WithGuard(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO web_request (key, digest, at, keep) VALUES ($1, $2, $3, $4) ON CONFLICT (key) DO NOTHING`, key, digest, db.At(s.o.Clock.Now()), route.Money)
		if err == nil && n == 0 {
			return errRepeated
		}
		tx.AfterCommit(func() { applied = true })
		return err
	})
	rec := &recorder{header: http.Header{}}
	err = route.Handle(rec, r.WithContext(ctx))
	if errors.Is(err, errRepeated) || rec.repeated {
		return s.waitFor(ctx, w, key, digest)
	}
	if err != nil {
		return err
	}
	if applied && rec.status < 500 {
		if err := s.store(ctx, key, rec); err != nil {
			return err
		}
	}
	return rec.send(w)
}

// replay answers from store; done is false when the key is new.
func (s *Server) replay(ctx context.Context, w http.ResponseWriter, key, digest string) (done bool, err error) {
	row, err := db.One[stored](ctx, s.o.DB, `SELECT digest, status, header, body FROM web_request WHERE key = $1`, key)
	switch {
	case errors.Is(err, db.ErrNone):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up an idempotency key: %w", err)
	case row.Digest != digest:
		return true, fault.New(fault.Conflict, "idempotency-key-reused", "这个请求编号已用于另一项内容不同的操作，请刷新页面后重新提交。")
	case row.Status == 0:
		return true, s.waitFor(ctx, w, key, digest)
	}
	rec := &recorder{header: http.Header{}, status: row.Status}
	rec.body.WriteString(row.Body)
	if err := json.Unmarshal([]byte(row.Header), &rec.header); err != nil {
		return true, fmt.Errorf("read a stored answer: %w", err)
	}
	rec.header.Set("Idempotent-Replay", "true")
	return true, rec.send(w)
}

// waitFor waits a moment for a twin of the request that is still being answered. When its answer
// was lost (the program died between effect and answer) the effect stands and is not made again.
func (s *Server) waitFor(ctx context.Context, w http.ResponseWriter, key, digest string) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 60 {
		row, err := db.One[stored](ctx, s.o.DB, `SELECT digest, status, '' AS header, '' AS body FROM web_request WHERE key = $1`, key)
		if err != nil && !errors.Is(err, db.ErrNone) {
			return err
		}
		if err == nil && (row.Status != 0 || row.Digest != digest) {
			_, err := s.replay(ctx, w, key, digest)
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return fault.New(fault.Conflict, "already-applied", "这次操作已经生效，请刷新页面查看结果，不必重新提交。")
}

func (s *Server) store(ctx context.Context, key string, rec *recorder) error {
	kept := http.Header{}
	for _, name := range []string{"Content-Type", "Location", "Etag"} {
		if v := rec.header.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	head, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	if rec.body.Len() > maxStored {
		return nil
	}
	return s.o.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE web_request SET status = $1, header = $2, body = $3 WHERE key = $4`, rec.status, string(head), rec.body.String(), key)
		return err
	})
}

// Prune forgets keys whose effect moved no money and that are older than before (30 days).
func Prune(ctx context.Context, tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, `DELETE FROM web_request WHERE at < $1 AND NOT keep`, db.At(before))
}

// keyOf finds the caller's key: the header of a program; or the id that a page gave its forms, in the
// hidden field or, for a form with files, in the address. page tells which.
func keyOf(r *http.Request) (key string, page bool, err error) {
	if key = r.Header.Get("Idempotency-Key"); len(key) > maxKey {
		return "", false, fault.New(fault.BadRequest, "idempotency-key-too-long", "请求编号（Idempotency-Key）不能超过 {0} 个字符。", maxKey)
	}
	if key != "" {
		return key, false, nil
	}
	key = r.URL.Query().Get("request")
	if key == "" && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if err := r.ParseForm(); err != nil {
			return "", true, fault.New(fault.BadRequest, "bad-form", "提交的内容无法读取，请返回页面重新提交。").Because(err)
		}
		key = r.PostForm.Get("request")
	}
	return key[:min(len(key), maxKey)], true, nil
}

// maxDigest bounds the body that is read ahead to tell requests apart; a larger upload has no key.
const maxDigest = 8 << 20

// digestOf is what the request asks for: method, path and body. The boundary of a multipart body is
// left out, since it changes with each sending. known is false for a body too large to look at.
func digestOf(r *http.Request, key string) (digest string, known bool, err error) {
	if key == "" {
		return "", false, nil
	}
	if r.PostForm != nil {
		return hash(r.Method, r.URL.Path, r.PostForm.Encode()), true, nil
	}
	if r.ContentLength > maxDigest {
		return "", false, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxDigest+1))
	if err != nil {
		return "", false, fmt.Errorf("read the body: %w", err)
	}
	if len(body) > maxDigest { // it did not say how long it is
		r.Body = rejoined{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
		return "", false, nil
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	text := string(body)
	if kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && strings.HasPrefix(kind, "multipart/") && params["boundary"] != "" {
		text = strings.ReplaceAll(text, params["boundary"], "")
	}
	return hash(r.Method, r.URL.Path, text), true, nil
}

// rejoined is a body whose beginning was read ahead.
type rejoined struct {
	io.Reader
	io.Closer
}

func hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(strconv.AppendInt(nil, int64(len(p)), 10))
		h.Write([]byte(":" + p))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// recorder holds an answer back until it is stored.
type recorder struct {
	header   http.Header
	body     bytes.Buffer
	status   int
	repeated bool // the API layer met errRepeated
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *recorder) send(w http.ResponseWriter) error {
	for name, v := range r.header {
		w.Header()[name] = v
	}
	w.WriteHeader(max(r.status, http.StatusOK))
	_, err := w.Write(r.body.Bytes())
	if errors.Is(err, http.ErrBodyNotAllowed) {
		return nil
	}
	return err
}
