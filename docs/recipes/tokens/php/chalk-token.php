<?php
/**
 * Answers POST /chalk-token: signs a token for who has signed in. As a trial, with PHP's own server and the page in ./public:
 *
 *     CHALK_KEY_ID=… CHALK_SECRET=… php -S localhost:8080 -t public chalk-token.php
 *
 * Needs nothing but PHP. With firebase/php-jwt, `sign` is one line:
 *     JWT::encode($claims, getenv('CHALK_SECRET'), 'HS256', getenv('CHALK_KEY_ID'))
 */
declare(strict_types=1);

const USERS = [
    'ann' => ['name' => 'Ann', 'rooms' => ['algebra-101' => 'moderator']],
    'bo' => ['name' => 'Bo', 'rooms' => ['algebra-101' => 'member']],
];

/** Put your own login here: $_SESSION['user'], or what your framework has. This one believes whatever the cookie says. */
function signed_in_user(): ?array
{
    $id = $_COOKIE['trial_user'] ?? '';
    return is_string($id) && isset(USERS[$id]) ? ['id' => $id] + USERS[$id] : null;
}

function base64url(string $content): string
{
    return rtrim(strtr(base64_encode($content), '+/', '-_'), '=');
}

function sign(array $claims): string
{
    $header = ['alg' => 'HS256', 'typ' => 'JWT', 'kid' => getenv('CHALK_KEY_ID')];
    $parts = array_map(fn(array $part) => base64url(json_encode($part, JSON_THROW_ON_ERROR)), [$header, $claims]);
    $signed = implode('.', $parts);
    return $signed . '.' . base64url(hash_hmac('sha256', $signed, getenv('CHALK_SECRET'), true));
}

/** What they may do comes from what you know of them, never from what was asked. */
function token_for(array $user): string
{
    return sign([
        'iss' => getenv('CHALK_SITE') ?: 'acme',
        'aud' => 'chalk-talk',
        'sub' => $user['id'],
        'name' => $user['name'],
        'rooms' => $user['rooms'],
        'iat' => time(),
        'exp' => time() + 15 * 60,
    ]);
}

function answer(): void
{
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        http_response_code(405);
        return;
    }
    // The element sends this header. A form on a foreign page can't, and a foreign script would be asked for CORS first.
    if (empty($_SERVER['HTTP_X_CHALK_TALK'])) {
        http_response_code(403);
        return;
    }
    $user = signed_in_user();
    if ($user === null) {
        http_response_code(401);
        return;
    }
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    echo json_encode(['token' => token_for($user)], JSON_THROW_ON_ERROR);
}

// PHP's own server asks here for every address, and serves the file itself where it is told false.
if (PHP_SAPI === 'cli-server' && parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== '/chalk-token') {
    return false;
}
answer();
