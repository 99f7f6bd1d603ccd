package observe

import (
	"bytes"
	"context"
	"errors"
	"image"
	_ "image/jpeg" // pictures are JPEG
	"io"
	"strings"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// What a session keeps at most, and what a picture may be.
const (
	maxNotes   = 500
	maxPicture = 6 << 20
	maxSide    = 8192
	maxPixels  = 40_000_000
)

// Write keeps a note of a session, a picture, or both, with the time it is now. Both sides do, from the opening of the door on.
func (s *Service) Write(ctx context.Context, by identity.Subject, sessionID, text string, picture io.Reader, key string) (Note, error) {
	x, err := s.session(ctx, s.DB, by, sessionID, "observe.note")
	if err != nil {
		return Note{}, err
	}
	now := s.Clock.Now()
	if st := x.State(now); st == Waiting || st == Cancelled {
		return Note{}, x.enter(now)
	}
	n := Note{ID: id.New(), Session: x.ID, Side: Buyer, Person: by.Person, Org: by.Org, Text: strings.TrimSpace(text)}
	if by.Org != x.Buyer {
		n.Side = Provider
	}
	if key != "" {
		n.ID = id.From(by.Person, key, "observe-note")
	}
	bad := fault.New(fault.Invalid, "observe-note", "还差一点：请按提示补充。")
	if count := utf8.RuneCountInString(n.Text); count > maxText {
		return n, bad.Field("text", "long", "最多 {0} 个字，现在有 {1} 个。", maxText, count)
	}
	if picture != nil {
		if err := s.keepPicture(ctx, &n, picture); err != nil {
			return n, err
		}
	}
	if n.Text == "" && n.Picture == "" {
		return n, bad.Field("text", "required", "请写下看到了什么，或附上一张照片。")
	}
	n.At = db.At(s.Clock.Now())
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if count, err := countNotes(ctx, tx, x.ID); err != nil || count >= maxNotes {
			if err == nil {
				err = fault.New(fault.Conflict, "observe-full", "这一场的记录已有 {0} 条，请把后续内容写在订单留言里。", maxNotes)
			}
			return err
		}
		if err := insertNote(ctx, tx, n); err != nil {
			return err
		}
		return audit.Record(ctx, tx, n.At.Time, audit.Entry{Action: "observe.note", Kind: "order", ID: x.Order, Data: map[string]any{"session": x.ID, "note": n.ID, "picture": n.Picture}})
	})
	return n, err
}

// keepPicture stores a picture after looking at all of it: what cannot be drawn is no picture, whatever its name.
func (s *Service) keepPicture(ctx context.Context, n *Note, picture io.Reader) error {
	body, err := io.ReadAll(io.LimitReader(picture, maxPicture+1))
	if err != nil {
		return err
	}
	wrong := func(code, text string, args ...any) error {
		return fault.New(fault.Invalid, "observe-picture", "这张图片不能用。").Field("picture", code, text, args...)
	}
	if len(body) > maxPicture {
		return wrong("large", "图片超过 {0} MB，请缩小后再上传。", maxPicture>>20)
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(body))
	if err != nil || format != "jpeg" {
		return wrong("not-jpeg", "这不是 JPEG 图片，请另存为 .jpg 后再上传。")
	}
	if head.Width < 16 || head.Height < 16 || head.Width > maxSide || head.Height > maxSide || head.Width*head.Height > maxPixels {
		return wrong("size", "图片的尺寸是 {0}×{1}，太小或太大，请换一张。", head.Width, head.Height)
	}
	if _, _, err := image.Decode(bytes.NewReader(body)); err != nil {
		return wrong("broken", "图片已损坏，打不开，请重新截取或另选一张。")
	}
	ref, err := s.Blobs.Put(ctx, bytes.NewReader(body), maxPicture)
	if err != nil {
		return err
	}
	n.Picture, n.Width, n.Height, n.Size = ref.SHA256, int64(head.Width), int64(head.Height), ref.Size
	return nil
}

// Picture gives a picture of a session to who may see it. The caller closes it.
func (s *Service) Picture(ctx context.Context, by identity.Subject, sessionID, note string) (Note, io.ReadSeekCloser, error) {
	if _, err := s.session(ctx, s.DB, by, sessionID, "observe.watch"); err != nil {
		return Note{}, nil, err
	}
	n, err := db.One[Note](ctx, s.DB, `SELECT `+noteColumns+` FROM observe_note WHERE session = $1 AND id = $2`, sessionID, note)
	if err == nil && n.Picture != "" {
		body, err := s.Blobs.Open(ctx, n.Picture)
		return n, body, err
	}
	if err != nil && !errors.Is(err, db.ErrNone) {
		return n, nil, err
	}
	return n, nil, fault.New(fault.NotFound, "no-picture", "没有找到这张图片。")
}
