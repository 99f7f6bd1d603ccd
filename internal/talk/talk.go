package talk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"qiao/internal/identity"
	"qiao/internal/order"
	"qiao/internal/platform/audit"
	"qiao/internal/platform/blob"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/db"
	"qiao/internal/platform/fault"
	"qiao/internal/platform/id"
	"qiao/internal/platform/outbox"
	"qiao/internal/platform/verify"
)

// Message is one message on an order.
type Message struct {
	ID     string  `db:"id"`
	Order  string  `db:"order_id"`
	Side   string  `db:"side"`
	Person string  `db:"person"`
	Org    string  `db:"org"`
	Text   string  `db:"text"`
	At     db.Time `db:"at"`
	Files  []File  `db:"-"`
}

// File came with a message.
type File struct {
	ID      string `db:"id"`
	Message string `db:"message"`
	Name    string `db:"name"`
	SHA256  string `db:"sha256"`
	Size    int64  `db:"size"`
}

// Said follows each message.
type Said struct {
	Order  string `json:"order"`
	Number string `json:"number"`
	To     string `json:"to"` // organisation of the other side
}

// EventName is talk.said.
func (Said) EventName() string { return "talk.said" }

// Orders is what talk asks of orders.
type Orders interface {
	// Get is an order as the subject may see it.
	Get(ctx context.Context, by identity.Subject, id string) (order.Detail, error)
}

// People gives the names of people and organisations.
type People interface {
	Organisations(ctx context.Context, q db.Q, ids []string) (map[string]identity.Organisation, error)
	Names(ctx context.Context, q db.Q, people []string) (map[string]string, error)
}

// Deps is what the module is built from.
type Deps struct {
	DB     *db.DB
	Clock  clock.Clock
	Policy *identity.Policy
	Orders Orders
	People People
	Blobs  blob.Store
}

// Service is the module: its use cases, pages and API.
type Service struct{ Deps }

// New builds the module.
func New(d Deps) *Service { return &Service{d} }

// Upload is a file on its way.
type Upload struct {
	Name string
	Body io.Reader
}

// What one message may hold.
const (
	maxText  = 4000     // characters
	maxFiles = 3        // all of them at their largest fit into one form
	maxName  = 200      // characters of a file's name
	maxFile  = 20 << 20 // bytes
)

// may tells whether the subject may read what was said on an order, and whether it may write.
func (s *Service) may(by identity.Subject, o order.Order) (write bool, err error) {
	object := identity.Object{Parties: map[string]string{order.Buyer: o.Buyer, order.Provider: o.Provider}, Region: o.Region}
	if s.Policy.Can(by, "talk.write", object) == nil {
		return true, nil
	}
	if err := s.Policy.Can(by, "talk.view", object); err != nil || party(by, o) || o.State == order.StateDisputed || o.State == order.StateEscalated {
		return false, err
	}
	return false, fault.New(fault.Forbidden, "talk-private", "留言只有订单双方看得到；对报告有异议时，负责裁定的主管部门才可以查看。")
}

// errRepeat ends a transaction whose request was served before.
var errRepeat = errors.New("talk: this request was served before")

// Say writes a message to the other side of an order.
func (s *Service) Say(ctx context.Context, by identity.Subject, orderID, text string, files []Upload, key string) (Message, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return Message{}, err
	}
	write, err := s.may(by, d.Order)
	if err != nil {
		return Message{}, err
	}
	if !write {
		return Message{}, fault.New(fault.Forbidden, "talk-parties", "只有订单双方可以在这里留言。")
	}
	m := Message{ID: id.New(), Order: d.Order.ID, Side: order.Buyer, Person: by.Person, Org: by.Org, Text: strings.TrimSpace(text)}
	to := d.Order.Provider
	if by.Org != d.Order.Buyer {
		m.Side, to = order.Provider, d.Order.Buyer
	}
	if key != "" {
		m.ID = id.From(by.Person, key, "message")
	}
	if err := check(m.Text, len(files)); err != nil {
		return m, err
	}
	for _, f := range files {
		kept, err := s.keep(ctx, m.ID, f)
		if err != nil {
			return m, err
		}
		m.Files = append(m.Files, kept)
	}
	m.At = db.At(s.Clock.Now()) // only now: who has read up to here must not have read past a message whose file was slow
	err = s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := insert(ctx, tx, m); err != nil {
			return err
		}
		if err := outbox.Publish(ctx, tx, m.At.Time, Said{Order: m.Order, Number: d.Order.Number, To: to}); err != nil {
			return fmt.Errorf("tell of the message: %w", err)
		}
		return audit.Record(ctx, tx, m.At.Time, audit.Entry{Action: "talk.write", Kind: "order", ID: m.Order, Data: map[string]any{"message": m.ID, "files": len(m.Files)}})
	})
	if errors.Is(err, errRepeat) {
		err = nil
	}
	return m, err
}

// keep stores a file of a message, if it is what its name says.
func (s *Service) keep(ctx context.Context, message string, f Upload) (File, error) {
	body := bufio.NewReaderSize(f.Body, blob.Sniffed)
	head, err := body.Peek(blob.Sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return File{}, fmt.Errorf("read the file: %w", err)
	}
	if !blob.Genuine(f.Name, head) {
		return File{}, fault.New(fault.Invalid, "not-genuine", "文件内容与名称不符。").
			Field("file", "not-genuine", "“{0}”的内容与扩展名不符，或是空文件：请打开检查，另存为正确的格式后再上传。", f.Name)
	}
	ref, err := s.Blobs.Put(ctx, body, maxFile)
	if err != nil {
		return File{}, fmt.Errorf("keep the file: %w", err)
	}
	name := f.Name
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unicode.IsControl) {
		name = "file-" + ref.SHA256[:8]
	}
	return File{ID: id.From(message, name, ref.SHA256), Message: message, Name: name, SHA256: ref.SHA256, Size: ref.Size}, nil
}

// check finds what is wrong with a message.
func check(text string, files int) error {
	bad := fault.New(fault.Invalid, "talk-invalid", "留言有误，请按提示修改。")
	if text == "" && files == 0 {
		bad.Field("text", "required", "请写点什么，或附上文件。")
	}
	if n := utf8.RuneCountInString(text); n > maxText {
		bad.Field("text", "long", "最多 {0} 个字，现在有 {1} 个；更多内容请放进附件。", maxText, n)
	}
	if files > maxFiles {
		bad.Field("file", "many", "一次最多附 {0} 个文件。", maxFiles)
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func insert(ctx context.Context, tx *db.Tx, m Message) error {
	n, err := tx.Exec(ctx, `INSERT INTO talk_message (id, order_id, side, person, org, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`,
		m.ID, m.Order, m.Side, m.Person, m.Org, m.Text, m.At)
	if err != nil {
		return fmt.Errorf("keep the message: %w", err)
	}
	if n == 0 {
		return errRepeat
	}
	for _, f := range m.Files {
		if _, err := tx.Exec(ctx, `INSERT INTO talk_file (id, message, name, sha256, size) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, f.ID, f.Message, f.Name, f.SHA256, f.Size); err != nil {
			return fmt.Errorf("keep the file: %w", err)
		}
	}
	return nil
}

// Of is what was said on an order, the first first, for those who may read it; how many of it the subject has not read yet.
func (s *Service) Of(ctx context.Context, by identity.Subject, o order.Order) (list []Message, unread int, err error) {
	if _, err := s.may(by, o); err != nil {
		return nil, 0, err
	}
	if list, err = db.All[Message](ctx, s.DB, `SELECT id, order_id, side, person, org, text, at FROM talk_message WHERE order_id = $1 ORDER BY at, id`, o.ID); err != nil {
		return nil, 0, fmt.Errorf("read the messages: %w", err)
	}
	files, err := db.All[File](ctx, s.DB, `SELECT f.id, f.message, f.name, f.sha256, f.size FROM talk_file f JOIN talk_message m ON m.id = f.message WHERE m.order_id = $1 ORDER BY f.id`, o.ID)
	if err != nil {
		return nil, 0, fmt.Errorf("read the files of the messages: %w", err)
	}
	seen, err := db.All[string](ctx, s.DB, `SELECT at FROM talk_read WHERE order_id = $1 AND person = $2`, o.ID, by.Person)
	if err != nil {
		return nil, 0, fmt.Errorf("read how far %s has read: %w", by.Person, err)
	}
	for i, m := range list {
		for _, f := range files {
			if f.Message == m.ID {
				list[i].Files = append(list[i].Files, f)
			}
		}
		if m.Person != by.Person && !slices.ContainsFunc(seen, func(at string) bool { return db.Stamp(m.At.Time) <= at }) {
			unread++
		}
	}
	return list, unread, nil
}

// party tells whether the subject acts for a side of an order.
func party(by identity.Subject, o order.Order) bool {
	return by.Org != "" && (by.Org == o.Buyer || by.Org == o.Provider)
}

// Read notes that the subject has read an order's messages up to the newest of list; that an authority read new ones stands
// in the audit.
func (s *Service) Read(ctx context.Context, by identity.Subject, o order.Order, list []Message) error {
	if len(list) == 0 || by.Person == "" {
		return nil
	}
	return s.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := tx.Exec(ctx, `INSERT INTO talk_read (order_id, person, at) VALUES ($1, $2, $3) ON CONFLICT (order_id, person) DO UPDATE SET at = excluded.at WHERE talk_read.at < excluded.at`,
			o.ID, by.Person, list[len(list)-1].At)
		if err != nil {
			return fmt.Errorf("note what was read: %w", err)
		}
		if n == 0 || party(by, o) {
			return nil
		}
		return audit.Record(ctx, tx, s.Clock.Now(), audit.Entry{Action: "talk.read", Kind: "order", ID: o.ID, Data: map[string]any{"messages": len(list)}})
	})
}

// Open gives a file of a message to who may read it. The caller closes it.
func (s *Service) Open(ctx context.Context, by identity.Subject, orderID, file string) (File, io.ReadSeekCloser, error) {
	d, err := s.Orders.Get(ctx, by, orderID)
	if err != nil {
		return File{}, nil, err
	}
	list, _, err := s.Of(ctx, by, d.Order)
	if err != nil {
		return File{}, nil, err
	}
	for _, m := range list {
		for _, f := range m.Files {
			if f.ID == file {
				body, err := s.Blobs.Open(ctx, f.SHA256)
				return f, body, err
			}
		}
	}
	return File{}, nil, fault.New(fault.NotFound, "no-file", "没有找到这个文件。")
}

// Verify finds nothing: that a file belongs to a message the database itself guards.
func (s *Service) Verify(context.Context, db.Q) ([]verify.Finding, error) { return nil, nil }
