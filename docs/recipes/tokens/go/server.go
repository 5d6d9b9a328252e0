// A site's own server in Go: serves the page in ./public, and signs tokens for who has signed in.
//
//	CHALK_KEY_ID=… CHALK_SECRET=… go run server.go
//
// Needs nothing but Go. With github.com/golang-jwt/jwt, sign is:
//
//	token := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
//	token.Header["kid"] = keyID
//	return token.SignedString([]byte(secret))
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

type user struct {
	id, name string
	rooms    map[string]string
}

var users = map[string]user{
	"ann": {"ann", "Ann", map[string]string{"algebra-101": "moderator"}},
	"bo":  {"bo", "Bo", map[string]string{"algebra-101": "member"}},
}

var (
	site   = setting("CHALK_SITE", "acme")
	keyID  = setting("CHALK_KEY_ID", "")
	secret = setting("CHALK_SECRET", "")
	port   = setting("PORT", "8080")
)

func setting(name, otherwise string) string {
	if said := os.Getenv(name); said != "" {
		return said
	}
	if otherwise == "" {
		log.Fatalf("%s is missing", name)
	}
	return otherwise
}

// Put your own login here: look the session cookie up, as your other pages do. This one believes whatever the cookie says.
func signedInUser(request *http.Request) (user, bool) {
	cookie, err := request.Cookie("trial_user")
	if err != nil {
		return user{}, false
	}
	found, ok := users[cookie.Value]
	return found, ok
}

func sign(claims map[string]any) (string, error) {
	signed := ""
	for _, part := range []map[string]any{{"alg": "HS256", "typ": "JWT", "kid": keyID}, claims} {
		content, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		if signed != "" {
			signed += "."
		}
		signed += base64.RawURLEncoding.EncodeToString(content)
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return signed + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// What they may do comes from what you know of them, never from what was asked.
func tokenFor(person user) (string, error) {
	now := time.Now()
	return sign(map[string]any{
		"iss": site, "aud": "chalk-talk", "sub": person.id, "name": person.name, "rooms": person.rooms,
		"iat": now.Unix(), "exp": now.Add(15 * time.Minute).Unix(),
	})
}

func answerToken(response http.ResponseWriter, request *http.Request) {
	if request.Method != http.MethodPost {
		http.Error(response, "POST only", http.StatusMethodNotAllowed)
		return
	}
	// The element sends this header. A form on a foreign page can't, and a foreign script would be asked for CORS first.
	if request.Header.Get("X-Chalk-Talk") == "" {
		http.Error(response, "not from the element", http.StatusForbidden)
		return
	}
	person, ok := signedInUser(request)
	if !ok {
		http.Error(response, "not signed in", http.StatusUnauthorized)
		return
	}
	token, err := tokenFor(person)
	if err != nil {
		http.Error(response, "no token", http.StatusInternalServerError)
		return
	}
	response.Header().Set("Content-Type", "application/json")
	response.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(response).Encode(map[string]string{"token": token})
}

func main() {
	http.HandleFunc("/chalk-token", answerToken)
	http.Handle("/", http.FileServer(http.Dir("public")))
	fmt.Printf("http://localhost:%s/\n", port)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+port, nil))
}
