package catalogue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"

	"qiao/internal/catalogue/photo"
	"qiao/internal/identity"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
)

// Sorts of files.
const (
	SortPhoto    = "photo"
	SortDocument = "document"
)

// What may be uploaded for one resource.
const (
	maxPhoto    = 5 << 20
	maxDocument = 20 << 20
	maxFiles    = 20
	maxTitle    = 200
)

// File is a photo or document of a resource.
type File struct {
	ID       string  `db:"id"`
	Resource string  `db:"resource"`
	Position int64   `db:"position"`
	Sort     string  `db:"sort"` // SortPhoto or SortDocument
	Name     string  `db:"name"`
	Title    string  `db:"title"`  // photo: what it shows, for who cannot see it
	Type     string  `db:"type"`   // media type, found in its content
	SHA256   string  `db:"sha256"` // in the file store
	Thumb    string  `db:"thumb"`  // photo: its small picture there
	Size     int64   `db:"size"`
	Width    int64   `db:"width"` // pixels
	Height   int64   `db:"height"`
	Person   string  `db:"person"`
	At       db.Time `db:"at"`
}

// Link is the file's address on this node; small that of a photo's small picture.
func (f File) Link(small bool) string {
	link := "/resources/" + f.Resource + "/files/" + f.ID
	if small {
		link += "?size=small"
	}
	return link
}

// Upload is a file that someone gives.
type Upload struct {
	Name  string
	Title string
	Body  io.Reader
}

func fileFault(field, code, text string, args ...any) error {
	return fault.New(fault.Invalid, "file-invalid", "文件没有保存，请按提示更正。").Field(field, code, text, args...)
}

// AddFile puts a photo or a document to a resource. What it is, its content says; a photo is drawn anew and needs a text for
// who cannot see it. key is the caller's request: the same one twice gives the same file.
func (s *Service) AddFile(ctx context.Context, sub identity.Subject, resource, key string, u Upload) (File, error) {
	r, _, err := s.load(ctx, s.DB, resource)
	if err != nil {
		return File{}, err
	}
	if err := s.Policy.Can(sub, "resource.edit", object(r)); err != nil {
		return File{}, err
	}
	f := File{ID: id.New(), Resource: r.ID, Name: strings.TrimSpace(u.Name), Title: strings.TrimSpace(u.Title), Person: sub.Person}
	if key != "" {
		f.ID = id.From(sub.Person, key, "file")
	}
	if err := s.keep(ctx, &f, u.Body); err != nil {
		return File{}, err
	}
	err = s.changeFiles(ctx, sub, resource, func(ctx context.Context, tx *db.Tx, have []File) ([]File, error) {
		if slices.ContainsFunc(have, func(o File) bool { return o.ID == f.ID }) {
			return have, nil
		}
		if len(have) >= maxFiles {
			return nil, fileFault("file", "too-many", "每项资源最多 {0} 个照片和文件。", maxFiles)
		}
		f.At = db.At(s.Clock.Now())
		for _, o := range have {
			f.Position = max(f.Position, o.Position+1)
		}
		return append(slices.Clone(have), f), insertFile(ctx, tx, f)
	})
	return f, err
}

// keep finds out what a file is and stores it.
func (s *Service) keep(ctx context.Context, f *File, body io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(body, maxDocument+1))
	switch {
	case err != nil:
		return fmt.Errorf("read an upload: %w", err)
	case len(data) == 0:
		return fileFault("file", "required", "请选择要上传的文件。")
	case len(data) > maxDocument:
		return fileFault("file", "too-large", "文件超过 {0} MB。", maxDocument>>20)
	}
	if n := len([]rune(f.Title)); n > maxTitle {
		return fileFault("title", "too-long", "有 {0} 个字，最多 {1} 个字。", n, maxTitle)
	}
	if strings.HasPrefix(http.DetectContentType(data), "image/") {
		return s.keepPhoto(ctx, f, data)
	}
	f.Sort = SortDocument
	if f.Type = documentType(f.Name, data); f.Type == "" {
		return fileFault("file", "unknown-type", "“{0}”不是可以上传的文件：照片请用 JPG 或 PNG，文件请用 PDF、Word、Excel 或 PPT。", f.Name)
	}
	if f.Title == "" {
		f.Title = f.Name
	}
	return s.put(ctx, data, &f.SHA256, &f.Size)
}

func (s *Service) keepPhoto(ctx context.Context, f *File, data []byte) error {
	f.Sort, f.Type = SortPhoto, "image/jpeg"
	if len(data) > maxPhoto {
		return fileFault("file", "too-large", "照片超过 {0} MB。", maxPhoto>>20)
	}
	if f.Title == "" {
		return fileFault("title", "required", "请写明照片上是什么，看不见图片的人靠它了解。")
	}
	p, err := photo.Make(data)
	if errors.Is(err, photo.ErrTooLarge) {
		return fileFault("file", "too-large", "照片的像素过多，请缩小后再上传。")
	}
	if err != nil {
		return fileFault("file", "unknown-type", "“{0}”打不开，照片请用 JPG 或 PNG。", f.Name)
	}
	f.Width, f.Height = int64(p.Width), int64(p.Height)
	f.Name = strings.TrimSuffix(f.Name, path.Ext(f.Name)) + ".jpg"
	var thumb int64
	if err := s.put(ctx, p.Thumb, &f.Thumb, &thumb); err != nil {
		return err
	}
	return s.put(ctx, p.Full, &f.SHA256, &f.Size)
}

func (s *Service) put(ctx context.Context, data []byte, sum *string, size *int64) error {
	ref, err := s.Blobs.Put(ctx, bytes.NewReader(data), maxDocument)
	if err != nil {
		return fmt.Errorf("store a file of a resource: %w", err)
	}
	*sum, *size = ref.SHA256, ref.Size
	return nil
}

// documentType is the media type of a document by its first bytes, and its name where office files look alike; "" for others.
func documentType(name string, data []byte) string {
	if bytes.HasPrefix(data, []byte("%PDF-")) {
		return "application/pdf"
	}
	if !bytes.HasPrefix(data, []byte("PK\x03\x04")) || !bytes.Contains(data, []byte("[Content_Types].xml")) {
		return ""
	}
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".pptx":
		return "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	}
	return ""
}

// RemoveFile takes a file off a resource.
func (s *Service) RemoveFile(ctx context.Context, sub identity.Subject, resource, file string) error {
	return s.changeFiles(ctx, sub, resource, func(ctx context.Context, tx *db.Tx, have []File) ([]File, error) {
		i := slices.IndexFunc(have, func(f File) bool { return f.ID == file })
		if i < 0 {
			return nil, errNoFile()
		}
		return slices.Delete(slices.Clone(have), i, i+1), deleteFile(ctx, tx, file)
	})
}

// FirstFile puts a file before the others: the first photo stands on cards.
func (s *Service) FirstFile(ctx context.Context, sub identity.Subject, resource, file string) error {
	return s.changeFiles(ctx, sub, resource, func(ctx context.Context, tx *db.Tx, have []File) ([]File, error) {
		i := slices.IndexFunc(have, func(f File) bool { return f.ID == file })
		if i < 0 {
			return nil, errNoFile()
		}
		out := slices.Concat(have[i:i+1], have[:i], have[i+1:])
		return out, placeFiles(ctx, tx, out)
	})
}

func errNoFile() error {
	return fault.New(fault.NotFound, "no-file", "这项资源没有这个文件，可能已被删除。")
}

// changeFiles changes the files of a resource as a revision of it.
func (s *Service) changeFiles(ctx context.Context, sub identity.Subject, resource string, change func(ctx context.Context, tx *db.Tx, have []File) ([]File, error)) error {
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, k, err := s.load(ctx, tx, resource)
		if err != nil {
			return err
		}
		if err := s.Policy.Can(sub, "resource.edit", object(before)); err != nil {
			return err
		}
		have, err := listFiles(ctx, tx, resource)
		if err != nil {
			return err
		}
		now, err := change(ctx, tx, have)
		if err != nil {
			return err
		}
		from, to := fileNames(have), fileNames(now)
		if from == to {
			return nil
		}
		after := before.clone()
		return s.write(ctx, tx, sub, before, &after, k, "files", "", Change{"files", from, to})
	})
}

func fileNames(files []File) string {
	out := make([]string, len(files))
	for i, f := range files {
		out[i] = f.Title
	}
	return strings.Join(out, "; ")
}

// OpenFile opens a file of a resource that sub may read; small asks for a photo's small picture. The caller closes it.
func (s *Service) OpenFile(ctx context.Context, sub identity.Subject, resource, file string, small bool) (File, io.ReadSeekCloser, error) {
	if _, err := s.readable(ctx, sub, resource); err != nil {
		return File{}, nil, err
	}
	files, err := listFiles(ctx, s.DB, resource)
	if err != nil {
		return File{}, nil, err
	}
	i := slices.IndexFunc(files, func(f File) bool { return f.ID == file })
	if i < 0 {
		return File{}, nil, errNoFile()
	}
	f := files[i]
	if small && f.Thumb != "" {
		f.SHA256 = f.Thumb
	}
	body, err := s.Blobs.Open(ctx, f.SHA256)
	if err != nil {
		return File{}, nil, fmt.Errorf("open file %s of resource %s: %w", file, resource, err)
	}
	return f, body, nil
}
