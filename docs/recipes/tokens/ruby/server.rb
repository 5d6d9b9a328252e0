# A site's own server in Ruby: serves the page in ./public, and signs tokens for who has signed in.
#
#     gem install webrick
#     CHALK_KEY_ID=… CHALK_SECRET=… ruby server.rb
#
# With the gem jwt, `sign` is one line:
#     JWT.encode(claims, CHALK_SECRET, 'HS256', { kid: CHALK_KEY_ID })
require 'base64'
require 'json'
require 'openssl'
require 'webrick'

CHALK_SITE = ENV.fetch('CHALK_SITE', 'acme')
CHALK_KEY_ID = ENV.fetch('CHALK_KEY_ID')
CHALK_SECRET = ENV.fetch('CHALK_SECRET')
PORT = Integer(ENV.fetch('PORT', '8080'))

USERS = {
  'ann' => { name: 'Ann', rooms: { 'algebra-101' => 'moderator' } },
  'bo' => { name: 'Bo', rooms: { 'algebra-101' => 'member' } }
}.freeze

# Put your own login here: look the session cookie up, as your other pages do. This one believes whatever the cookie says.
def signed_in_user(request)
  id = request.cookies.find { |cookie| cookie.name == 'trial_user' }&.value
  USERS.key?(id) ? { id: id, **USERS[id] } : nil
end

def sign(claims)
  header = { alg: 'HS256', typ: 'JWT', kid: CHALK_KEY_ID }
  signed = [header, claims].map { |part| Base64.urlsafe_encode64(JSON.generate(part), padding: false) }.join('.')
  mac = OpenSSL::HMAC.digest('SHA256', CHALK_SECRET, signed)
  "#{signed}.#{Base64.urlsafe_encode64(mac, padding: false)}"
end

# What they may do comes from what you know of them, never from what was asked.
def token_for(user)
  now = Time.now.to_i
  sign(iss: CHALK_SITE, aud: 'chalk-talk', sub: user[:id], name: user[:name], rooms: user[:rooms],
       iat: now, exp: now + (15 * 60))
end

def status_for(request, user)
  return 405 unless request.request_method == 'POST'
  # The element sends this header. A form on a foreign page can't, and a foreign script would be asked for CORS first.
  return 403 unless request['X-Chalk-Talk']

  user ? 200 : 401
end

server = WEBrick::HTTPServer.new(BindAddress: '127.0.0.1', Port: PORT, DocumentRoot: 'public', AccessLog: [])
server.mount_proc('/chalk-token') do |request, response|
  user = signed_in_user(request)
  response.status = status_for(request, user)
  response['Content-Type'] = 'application/json'
  response['Cache-Control'] = 'no-store'
  response.body = JSON.generate(token: token_for(user)) if response.status == 200
end
trap('INT') { server.shutdown }
trap('TERM') { server.shutdown }
puts "http://localhost:#{PORT}/"
$stdout.flush
server.start
