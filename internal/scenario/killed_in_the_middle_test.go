package scenario

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"qiao/internal/platform/id"
)

// kills is how often the program is killed in the middle of the story's load.
const kills = 20

// program builds the real binary once.
var program = sync.OnceValues(func() (string, error) {
	out := filepath.Join(file("bin"), "qiao-under-test")
	b, err := exec.CommandContext(context.Background(), "go", "build", "-o", out, "../../cmd/qiao").CombinedOutput()
	if err != nil {
		return "", errors.New(string(b))
	}
	return filepath.Abs(out)
})

// victim is one life of the program.
type victim struct {
	cmd *exec.Cmd
	url string
}

func live(t *testing.T, flags []string) victim {
	t.Helper()
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	v := victim{cmd: exec.CommandContext(context.Background(), bin, append([]string{"serve", "--demo", "--listen", "127.0.0.1:0"}, flags...)...)}
	errs, err := v.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(errs)
	for said.Scan() {
		if _, url, ok := strings.Cut(said.Text(), "listening url="); ok {
			v.url = url
			go func() { _, _ = io.Copy(io.Discard, errs) }()
			return v
		}
	}
	t.Fatalf("the program did not come back: %v", v.cmd.Wait())
	return v
}

// order is one order of the load: asked for, perhaps acknowledged.
type ordered struct{ id, key string }

// load places and cancels bookings, every other paid in part by a voucher, until the program dies; it returns what was
// acknowledged.
func load(t *testing.T, v victim, resource, programme string, free []slot, token string) []ordered {
	t.Helper()
	var mu sync.Mutex
	var acked []ordered
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := i; j < len(free); j += 8 {
				key := id.New()
				body := map[string]any{"kind": "booking", "resource": resource, "start": free[j].Start, "end": free[j].End, "quantity": 1}
				if j%2 == 0 {
					body["voucher_programme"] = programme
				}
				a, err := post(v.url+"/api/v1/orders", token, key, body)
				if err != nil {
					return // the program is dead: nothing was acknowledged
				}
				if a.status != http.StatusCreated {
					continue
				}
				var o struct {
					ID string `json:"id"`
				}
				if err := json.Unmarshal(a.body, &o); err != nil {
					t.Error(err)
				}
				mu.Lock()
				acked = append(acked, ordered{o.ID, key})
				mu.Unlock()
				if rand.IntN(2) == 0 {
					_, _ = post(v.url+"/api/v1/orders/"+o.ID+"/cancel", token, id.New(), map[string]any{"note": "改期"}) // may die with the program
				}
			}
		})
	}
	time.Sleep(time.Duration(30+rand.IntN(400)) * time.Millisecond)
	if err := v.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	_ = v.cmd.Wait() // killed, as it says
	return acked
}

func post(url, token, key string, body any) (answer, error) {
	b, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(b))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, out}, err
}

// kill -9 in the middle of the load, again and again: nothing acknowledged is lost, every invariant holds.
func TestKilledInTheMiddle(t *testing.T) {
	for name, flags := range map[string]func(*testing.T) []string{"sqlite": sqliteFlags, "postgres": postgresFlags} {
		t.Run(name, func(t *testing.T) { killAgainAndAgain(t, flags(t)) })
	}
}

func killAgainAndAgain(t *testing.T, flags []string) {
	w := &world{t: t, flags: flags, tokens: map[string]string{}, client: http.DefaultClient}
	v := live(t, flags)
	w.url = v.url
	token := w.token("firm")
	resource, free := w.freeSlots(60)
	var programmes struct {
		Items []struct{ ID string } `json:"items"`
	}
	w.call("firm", "GET", "/api/v1/voucher-programmes", nil).into(t, &programmes)
	var acked []ordered
	for range kills {
		rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		acked = append(acked, load(t, v, resource, programmes.Items[0].ID, free, token)...)
		v = live(t, flags)
		w.url = v.url
	}
	for _, o := range acked {
		if a := w.call("firm", "GET", "/api/v1/orders/"+o.id, nil); a.status != http.StatusOK {
			t.Errorf("the acknowledged order %s is gone: %d %s", o.id, a.status, a.body)
		}
		again, err := post(v.url+"/api/v1/orders", token, o.key, map[string]any{"kind": "booking", "resource": resource})
		if err != nil || again.status == http.StatusCreated && !bytes.Contains(again.body, []byte(o.id)) {
			t.Errorf("the key of order %s had a second effect: %d %s %v", o.id, again.status, again.body, err)
		}
	}
	if len(acked) < kills {
		t.Errorf("only %d orders were acknowledged in %d lives: the load is too small to prove anything", len(acked), kills)
	}
	t.Logf("%d kills, %d acknowledged orders, none lost", kills, len(acked))
	w.verified()
	if err := v.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := v.cmd.Wait(); err != nil {
		t.Error("the program did not end in order:", err)
	}
}
